import type { FoundMatch } from "../archive/find.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset, Element } from "../dicom/dataset.ts";
import { lookupTag } from "../dicom/dictionary.ts";
import { encodeValues, paddingOf } from "../dicom/encode-value.ts";
import { fromJsonModel } from "../dicom/json-model-reader.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import { explicitLittleEndian, transferSyntax, type TransferSyntax } from "../dicom/transfer-syntaxes.ts";
import { isTextVR, vrRow, type VR } from "../dicom/vr.ts";
import { elementBytes, elementHeader } from "../dicom/write-element.ts";
import { ServerError } from "../util/errors.ts";
import type { ReturnedAttribute } from "./find-query.ts";

export interface AnswerPlan {
  readonly attributes: readonly ReturnedAttribute[];
  /** Text values that all answers have; they go before those of the attributes. */
  readonly constants: ReadonlyMap<Tag, string>;
  readonly charset: SpecificCharacterSet;
  readonly transferSyntaxUID: string;
}

/** One element of all answers. */
interface Step {
  readonly tag: Tag;
  readonly key: string;
  readonly vr: VR;
  readonly isText: boolean;
  /** With a length of 0. */
  readonly header: Buffer;
  readonly padding: number;
  /** The text that all answers have here. */
  readonly constant: string | undefined;
}

/** Answers are written into blocks of this many bytes, and handed out as parts of them. */
const blockSize = 64 << 10;
/** Up to this length a loop is cheaper than a call out of JavaScript. */
const short = 64;
/** Lengths above do not fit into every header. */
const longestShortForm = 0xfffe;

/** Encodes the identifiers of C-FIND responses: the plan is made once, an answer is written in one go. */
export class AnswerWriter {
  readonly #syntax: TransferSyntax;
  readonly #charset: SpecificCharacterSet;
  readonly #steps: readonly Step[];
  #block = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor({ attributes, constants, charset, transferSyntaxUID }: AnswerPlan) {
    const syntax = transferSyntax(transferSyntaxUID) ?? explicitLittleEndian;
    const step = ({ tag, vr }: ReturnedAttribute, constant?: string): Step => ({
      tag,
      key: tagHex(tag),
      vr,
      isText: isTextVR(vr),
      header: elementHeader(tag, vr, 0, syntax),
      padding: paddingOf(vr),
      constant,
    });
    const steps = new Map<Tag, Step>(attributes.map((attribute) => [attribute.tag, step(attribute)]));
    for (const [tag, value] of constants) steps.set(tag, step({ tag, vr: lookupTag(tag)?.vr ?? "UN" }, value));
    this.#syntax = syntax;
    this.#charset = charset;
    this.#steps = [...steps].sort(([left], [right]) => left - right).map(([, step]) => step);
  }

  /** The answer that stands for a match; attributes that it does not have are of zero length (PS3.4 §C.2.2.1.3). */
  write({ requestedTags, file }: Pick<FoundMatch, "requestedTags" | "file">): Buffer {
    this.#start = this.#end;
    for (const step of this.#steps) {
      if (step.constant !== undefined) {
        this.#plainText(step, step.constant);
        continue;
      }
      const value = requestedTags[step.key];
      const element = file?.get(step.tag);
      if (typeof value === "string") this.#text(step, value, element, file);
      else if (value !== undefined) this.#put(this.#sequence(step, value));
      else if (element?.value !== undefined && file !== undefined) this.#put(this.#copied(element, file));
      else this.#put(step.header);
    }
    return this.#block.subarray(this.#start, this.#end);
  }

  /** Text of a text VR, numbers of the others in decimal. `element` is where it was read; its VR is the true one. */
  #text(step: Step, value: string, element: Element | undefined, file: Dataset | undefined): void {
    const isSame = element === undefined || element.vr === step.vr || element.vr === "UN";
    const vr = isSame ? step.vr : element.vr;
    if (isSame && step.isText) this.#plainText(step, value);
    else if (vrRow(vr).kind === "bytes")
      this.#put(element === undefined || file === undefined ? step.header : this.#copied(element, file));
    else this.#put(this.#encoded(step, vr, value));
  }

  #plainText(step: Step, value: string): void {
    const { header, vr, padding } = step;
    // UTF-8 takes at most three bytes for each unit of a string.
    this.#reserve(header.length + value.length * 3 + 1);
    const at = this.#end + header.length;
    let length = writeText(this.#block, at, value);
    const isPlain = length === value.length;
    if ((!isPlain && !this.#charset.isUtf8) || length > longestShortForm) {
      this.#put(this.#encoded(step, vr, value));
      return;
    }
    copyShort(header, this.#block, this.#end);
    if (length % 2 === 1) this.#block[at + length++] = padding;
    this.#writeLength(at, header.length, length);
    this.#end = at + length;
  }

  /** The length stands at the end of the header, in two bytes or four (PS3.5 §7.1). */
  #writeLength(at: number, headerLength: number, length: number): void {
    const { explicit, littleEndian } = this.#syntax;
    const isShort = explicit && headerLength === 8;
    if (isShort && littleEndian) this.#block.writeUInt16LE(length, at - 2);
    else if (isShort) this.#block.writeUInt16BE(length, at - 2);
    else if (littleEndian) this.#block.writeUInt32LE(length, at - 4);
    else this.#block.writeUInt32BE(length, at - 4);
  }

  /** A value that is not in the repertoire of its VR must not spoil the other answers. */
  #encoded({ tag, header }: Step, vr: VR, value: string): Buffer {
    const { littleEndian } = this.#syntax;
    const values = isTextVR(vr) ? [value] : value === "" ? [] : value.split("\\");
    try {
      const bytes = encodeValues(tag, vr, values, { littleEndian, charset: this.#charset });
      return Buffer.concat([elementHeader(tag, vr, bytes.length, this.#syntax), bytes]);
    } catch (error) {
      if (error instanceof ServerError) return header;
      throw error;
    }
  }

  #sequence({ tag, key }: Step, items: unknown): Buffer {
    const model = {
      "00080005": { vr: "CS", Value: [this.#charset.value] },
      [key]: { vr: "SQ", Value: items },
    };
    const element = fromJsonModel(model).get(tag);
    return element === undefined ? Buffer.alloc(0) : Buffer.concat(elementBytes(element, this.#syntax));
  }

  #copied(element: Element, file: Dataset): Buffer {
    return Buffer.concat(elementBytes(element, this.#syntax, file.littleEndian));
  }

  #put(bytes: Buffer): void {
    this.#reserve(bytes.length);
    if (bytes.length <= short) copyShort(bytes, this.#block, this.#end);
    else bytes.copy(this.#block, this.#end);
    this.#end += bytes.length;
  }

  /** Makes room; a new block begins with what there is of the answer. */
  #reserve(length: number): void {
    if (this.#end + length <= this.#block.length) return;
    const written = this.#block.subarray(this.#start, this.#end);
    const block = Buffer.allocUnsafeSlow(Math.max(blockSize, written.length * 2 + length));
    written.copy(block);
    this.#block = block;
    this.#start = 0;
    this.#end = written.length;
  }
}

/** Writes UTF-8; returns the number of bytes. */
function writeText(block: Buffer, at: number, text: string): number {
  if (text.length > short) return block.write(text, at, "utf8");
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return block.write(text, at, "utf8");
    block[at + index] = code;
  }
  return text.length;
}

function copyShort(bytes: Uint8Array, block: Buffer, at: number): void {
  for (let index = 0; index < bytes.length; index += 1) block[at + index] = bytes[index] ?? 0;
}
