import { DicomReader, type ParsedDicom } from "../../../src/dicom/parse.ts";
import { ServerError } from "../../../src/util/errors.ts";
import type { JsonDataset } from "./json-dataset.ts";
import type { InstanceUids } from "./dicom-store.ts";
import { readSearchAttributes } from "./search-attributes.ts";
import type { Spool, StoredBytes } from "./spool.ts";

/** A DICOM file that was read, or why it is none. */
export type Received =
  | {
      readonly good: true;
      readonly uids: InstanceUids;
      readonly SOPClassUID: string;
      readonly transferSyntaxUID: string;
      readonly attributes: JsonDataset;
      readonly bytes: StoredBytes;
    }
  | { readonly good: false; readonly problem: string; readonly uids: Partial<InstanceUids> };

/** Values larger than this are not needed to know an object. */
const maximumValueLength = 65_536;

/** Takes in one part: hashes and spools its bytes while its header is read. Bad DICOM is a result, not an error. */
export async function receive(spool: Spool, body: AsyncIterable<Buffer>): Promise<Received> {
  const writer = spool.open();
  const examiner = new HeaderExaminer();
  try {
    for await (const chunk of body) {
      examiner.push(chunk);
      if (examiner.problem === undefined) await writer.write(chunk);
    }
    const header = examiner.end();
    if (header.good) return { ...header, bytes: await writer.finish() };
    await writer.discard();
    return header;
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

type Header = Omit<Extract<Received, { good: true }>, "bytes"> | Extract<Received, { good: false }>;

class HeaderExaminer {
  problem: string | undefined;
  readonly #reader = new DicomReader({ stopAtPixelData: true, checkRest: true, maximumValueLength });
  #start = Buffer.alloc(0);

  push(chunk: Buffer): void {
    if (this.problem !== undefined) return;
    if (this.#start.length < 132) this.#start = Buffer.concat([this.#start, chunk.subarray(0, 132)]);
    // The reader takes files without preamble too; Google wants Part 10 files (PS3.10 §7.1).
    if (this.#start.length >= 132 && this.#start.toString("latin1", 128, 132) !== "DICM") {
      this.problem = "the DICM prefix is missing";
      return;
    }
    this.#attempt(() => this.#reader.push(chunk));
  }

  end(): Header {
    const parsed = this.problem === undefined ? this.#attempt(() => this.#reader.end()) : undefined;
    return parsed === undefined
      ? { good: false, problem: `invalid DICOM: ${this.problem ?? "unreadable"}`, uids: {} }
      : examine(parsed);
  }

  #attempt<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.problem = error.details ?? error.message;
      return undefined;
    }
  }
}

function examine({ dataset, transferSyntaxUID }: ParsedDicom): Header {
  const uids = {
    StudyInstanceUID: dataset.text(0x0020000d) ?? "",
    SeriesInstanceUID: dataset.text(0x0020000e) ?? "",
    SOPInstanceUID: dataset.text(0x00080018) ?? "",
  };
  const SOPClassUID = dataset.text(0x00080016) ?? "";
  const bad = Object.entries({ ...uids, SOPClassUID }).find(([, uid]) => !isUid(uid));
  if (bad !== undefined) return { good: false, problem: `invalid DICOM: ${bad[0]} is missing or malformed`, uids };
  return { good: true, uids, SOPClassUID, transferSyntaxUID, attributes: readSearchAttributes(dataset) };
}

/** PS3.5 §9.1, leading zeros forgiven. */
function isUid(text: string): boolean {
  return text.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(text);
}
