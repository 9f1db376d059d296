import { ServerError } from "../util/errors.ts";
import { SpecificCharacterSet } from "./charset.ts";
import { DatasetParser } from "./dataset-parser.ts";
import type { DatasetRules } from "./dataset-rules.ts";
import type { Dataset } from "./dataset.ts";
import { settleByteOrder, type Encoding } from "./encoding.ts";
import { declaredTransferSyntax, guessTransferSyntax, startOfElements } from "./file-meta.ts";
import { Inflater } from "./inflater.ts";
import { defaultLimits, type ParseOptions } from "./parse-options.ts";
import { ParserInput } from "./parser-input.ts";
import { explicitLittleEndian } from "./transfer-syntaxes.ts";
import type { VR } from "./vr.ts";

export type { ParseLimits, ParseOptions } from "./parse-options.ts";

/** A file that was read. */
export interface ParsedDicom {
  /** File meta information: group 0002; empty when the file has none. */
  readonly meta: Dataset;
  readonly dataset: Dataset;
  /** As declared or, for files that do not say, as found. */
  readonly transferSyntaxUID: string;
  /** Offset in the file of the first byte of the dataset, deflated or not. */
  readonly datasetOffset: number;
  /** Offset in the file of the tag of PixelData (7FE0,0010); undefined without it and in a deflated dataset. */
  readonly pixelDataOffset: number | undefined;
  /** VR of PixelData, `OW` in implicit VR; undefined without it. */
  readonly pixelDataVR: VR | undefined;
}

type Phase = "start" | "meta" | "encoding" | "dataset" | "finished";

const prefixEnd = 132;
const metaEncoding = { explicit: true, littleEndian: true };

/**
 * Reads a file (PS3.10) that comes in pieces. Memory is bounded: values above `maximumValueLength` are left in the file.
 * `push` and `end` throw `BadFileFormat` that says where, what was found and what was expected.
 */
export class DicomReader {
  readonly #rules: DatasetRules;
  readonly #input: ParserInput;
  readonly #meta: DatasetParser;
  #phase: Phase = "start";
  #syntax = explicitLittleEndian;
  #datasetOffset = 0;
  #dataset: DatasetParser | undefined;
  #inflater: Inflater | undefined;
  #inflated: ParserInput | undefined;

  constructor(options: ParseOptions = {}) {
    this.#rules = {
      charset: options.defaultCharset ?? SpecificCharacterSet.default,
      limits: { ...defaultLimits, ...options.limits },
      maximumValueLength: options.maximumValueLength ?? 2 ** 20,
      stopAtPixelData: options.stopAtPixelData ?? false,
      checkRest: options.checkRest ?? false,
    };
    this.#input = new ParserInput(options.lent);
    this.#input.needed = prefixEnd;
    this.#meta = new DatasetParser(this.#input, metaEncoding, { ...this.#rules, onlyGroup: 2 });
  }

  /** Whether all that will be kept has been read: with `stopAtPixelData` further bytes are dropped, after a check if asked for. */
  get headerComplete(): boolean {
    return (
      this.#phase === "finished" || (this.#rules.stopAtPixelData === true && this.#dataset?.pixelData !== undefined)
    );
  }

  /** As in the result; undefined until the bytes that tell it have come. */
  get transferSyntaxUID(): string | undefined {
    return this.#dataset === undefined ? undefined : this.#syntax.uid;
  }

  push(chunk: Buffer): void {
    if (this.#phase === "finished") return;
    if (this.#inflater !== undefined) this.#inflater.push(chunk);
    else if (this.#input.append(chunk)) this.#advance();
  }

  /** Says that the file ends here. */
  end(): ParsedDicom {
    this.#input.finish();
    if (this.#inflater === undefined) this.#advance();
    this.#endInflated();
    const dataset = this.#dataset;
    if (dataset === undefined) throw new ServerError("BadFileFormat", "at byte 0: expected a DICOM file");
    const isDeflated = this.#inflated !== undefined;
    return {
      meta: this.#meta.dataset,
      dataset: dataset.dataset,
      transferSyntaxUID: this.#syntax.uid,
      datasetOffset: this.#datasetOffset,
      pixelDataOffset: isDeflated ? undefined : dataset.pixelData?.offset,
      pixelDataVR: dataset.pixelData?.vr,
    };
  }

  /** Goes through the phases as far as the bytes at hand allow. */
  #advance(): void {
    if (this.#phase === "start" && this.#enough(prefixEnd)) {
      this.#input.position = startOfElements(this.#input.buffer);
      this.#phase = "meta";
    }
    if (this.#phase === "meta" && this.#meta.run() === "done") this.#phase = "encoding";
    if (this.#phase === "encoding" && this.#enough(8)) this.#startDataset();
    if (this.#phase === "dataset" && this.#inflater === undefined) this.#readDataset();
  }

  #enough(needed: number): boolean {
    this.#input.needed = needed;
    return this.#input.final || this.#input.buffer.length - this.#input.position >= needed;
  }

  #startDataset(): void {
    const input = this.#input;
    const hasElement = input.buffer.length - input.position >= 8;
    const hasMeta = this.#meta.dataset.size > 0;
    const declared = declaredTransferSyntax(this.#meta.dataset);
    const syntax = declared ?? (hasElement ? guessTransferSyntax(input.view, input.position, hasMeta) : undefined);
    if (syntax === undefined) {
      throw new ServerError("BadFileFormat", `at byte ${input.offset}: expected the first element of a DICOM dataset`);
    }
    this.#syntax = syntax;
    this.#datasetOffset = input.offset;
    this.#phase = "dataset";
    const { explicit } = syntax;
    if (syntax.deflated) {
      this.#startInflated({ explicit, littleEndian: true });
    } else {
      const littleEndian = hasElement
        ? settleByteOrder(input.view, input.position, syntax.littleEndian)
        : syntax.littleEndian;
      this.#dataset = new DatasetParser(input, { explicit, littleEndian }, this.#rules);
    }
  }

  #startInflated(encoding: Encoding): void {
    const inflated = new ParserInput();
    this.#inflated = inflated;
    const keptLength = Math.min(this.#rules.limits.keptLength, defaultLimits.keptLength);
    const limits = { ...this.#rules.limits, keptLength };
    // What follows the header is not checked: inflating it would cost far more than reading it.
    this.#dataset = new DatasetParser(inflated, encoding, { ...this.#rules, limits, checkRest: false });
    this.#inflater = new Inflater(this.#rules.limits.inflatedLength, (chunk) => {
      if (this.#phase === "dataset" && inflated.append(chunk)) this.#readDataset();
    });
    this.#inflater.push(this.#input.buffer.subarray(this.#input.position));
  }

  #endInflated(): void {
    if (this.#phase === "finished") return;
    this.#inflater?.end();
    this.#inflated?.finish();
    this.#readDataset();
  }

  #readDataset(): void {
    if (this.#dataset?.run() !== "done") return;
    this.#phase = "finished";
    this.#inflater?.stop();
  }
}

/** Reads a file that is in memory: values are parts of `file`, made when asked for. Throws `BadFileFormat`. */
export function parseDicom(file: Buffer, options: ParseOptions = {}): ParsedDicom {
  const reader = new DicomReader({
    maximumValueLength: Infinity,
    ...options,
    limits: { keptLength: Infinity, ...options.limits },
  });
  reader.push(file);
  return reader.end();
}
