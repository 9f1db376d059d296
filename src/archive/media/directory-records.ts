import { buildElement, type NewAttribute } from "../../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import { explicitLittleEndian } from "../../dicom/transfer-syntaxes.ts";
import { elementBytes, elementHeader, item, itemHeader } from "../../dicom/write-element.ts";

/** A record and those of the directory entity below it. */
export interface DirectoryRecord {
  /** Its elements from (0004,1430) on. */
  readonly bytes: Buffer;
  readonly children: readonly DirectoryRecord[];
}

/** A record with its place in the file. Offsets count from the first byte of the file; 0: none (PS3.3 §F.3.2.2). */
interface PlacedRecord {
  readonly bytes: Buffer;
  readonly next: number;
  readonly lower: number;
}

const inUse = 0xffff;
/** Bytes of a record in front of (0004,1430): the header of its item, two offsets and a number between them. */
const beginningLength = 8 + 12 + 10 + 12;

/**
 * The dataset of a DICOMDIR (PS3.3 §F.3), in pieces: the file-set identification, and the records, each one followed by those below it.
 * `start`: bytes in front of it in the file.
 */
export function* recordsBytes(
  fileSetId: string,
  records: readonly DirectoryRecord[],
  start: number,
): Generator<Buffer, void, void> {
  const sequenceStart = start + header(fileSetId, 0, 0).length + sequenceHeader(0).length;
  const placed: PlacedRecord[] = [];
  const end = placeEntity(records, sequenceStart, placed);
  const last = records.at(-1);
  const lastOffset = last === undefined ? 0 : end - sizeOf(last);
  yield header(fileSetId, records.length === 0 ? 0 : sequenceStart, lastOffset);
  yield sequenceHeader(end - sequenceStart);
  for (const { bytes, next, lower } of placed) {
    const links = linkBytes(next, lower);
    yield Buffer.concat([itemHeader(item, links.length + bytes.length, true), links, bytes]);
  }
}

/** Gives the records of one entity their places from `start` on; answers where they end. */
function placeEntity(records: readonly DirectoryRecord[], start: number, placed: PlacedRecord[]): number {
  let offset = start;
  for (const [at, record] of records.entries()) {
    const end = offset + sizeOf(record);
    const lower = offset + ownSize(record);
    const next = at === records.length - 1 ? 0 : end;
    placed.push({ bytes: record.bytes, next, lower: record.children.length === 0 ? 0 : lower });
    placeEntity(record.children, lower, placed);
    offset = end;
  }
  return offset;
}

function sizeOf(record: DirectoryRecord): number {
  return record.children.reduce((sum, child) => sum + sizeOf(child), ownSize(record));
}

function ownSize({ bytes }: DirectoryRecord): number {
  return beginningLength + bytes.length;
}

/** Offsets of the next record and of the first one below, and that the record is in use. */
function linkBytes(next: number, lower: number): Buffer {
  return encoded([
    { tag: 0x00041400, value: next },
    { tag: 0x00041410, value: inUse },
    { tag: 0x00041420, value: lower },
  ]);
}

function header(fileSetId: string, first: number, last: number): Buffer {
  return encoded([
    { tag: 0x00041130, value: fileSetId },
    { tag: 0x00041200, value: first },
    { tag: 0x00041202, value: last },
    { tag: 0x00041212, value: 0 },
  ]);
}

function sequenceHeader(length: number): Buffer {
  return elementHeader(0x00041220, "SQ", length, explicitLittleEndian);
}

function encoded(attributes: readonly NewAttribute[]): Buffer {
  const encoding = { littleEndian: true, charset: SpecificCharacterSet.default };
  return Buffer.concat(
    attributes.flatMap((attribute) => elementBytes(buildElement(attribute, encoding), explicitLittleEndian)),
  );
}
