import { crc32 } from "node:zlib";

/** What the journal keeps of one act of storing. */
export interface JournalEntry {
  /** The name of the file. */
  readonly uuid: string;
  /** The file's bytes; empty when it is on the disk by itself. */
  readonly file: Uint8Array;
  /** What else has to survive, in words of whoever appends. */
  readonly record: Uint8Array;
}

/** An entry that was read back, by its place in the order of all entries ever made. */
export interface NumberedEntry extends JournalEntry {
  readonly number: number;
}

/*
 * Before the record and the file in the journal: magic (4), CRC-32 of all that follows (4), number (6), zeros (2), sizes of the record (4) and of the
 * file (4), UUID (36), zeros up to 64 bytes. Numbers are little endian.
 */
const magic = Buffer.from("GHJ2", "latin1");
export const headerLength = 64;
const at = { crc: 4, number: 8, recordLength: 16, fileLength: 20, uuid: 24, end: 60 } as const;
const numberLength = 6;

/** The header that goes before the record and the file. */
export function entryHeader(number: number, { uuid, record, file }: JournalEntry): Buffer {
  const header = Buffer.alloc(headerLength);
  magic.copy(header);
  header.writeUIntLE(number, at.number, numberLength);
  header.writeUInt32LE(record.length, at.recordLength);
  header.writeUInt32LE(file.length, at.fileLength);
  header.write(uuid, at.uuid, at.end - at.uuid, "latin1");
  header.writeUInt32LE(checksum(header, [record, file]), at.crc);
  return header;
}

function checksum(header: Uint8Array, parts: readonly Uint8Array[]): number {
  return parts.reduce<number>((sum, part) => crc32(part, sum), crc32(header.subarray(at.number)));
}

/**
 * The whole entries at the start of a file of the journal. Reading stops at the first that is damaged, cut off or not the next one: what lies
 * there was never acknowledged, or is left from an earlier use of the file.
 */
export function* readEntries(journal: Buffer): Generator<NumberedEntry> {
  let position = 0;
  let previous: number | undefined;
  while (position + headerLength <= journal.length) {
    const header = journal.subarray(position, position + headerLength);
    const start = position + headerLength;
    const middle = start + header.readUInt32LE(at.recordLength);
    const end = middle + header.readUInt32LE(at.fileLength);
    if (!header.subarray(0, magic.length).equals(magic) || end > journal.length) return;
    const record = journal.subarray(start, middle);
    const file = journal.subarray(middle, end);
    if (checksum(header, [record, file]) !== header.readUInt32LE(at.crc)) return;
    const number = header.readUIntLE(at.number, numberLength);
    if (previous !== undefined && number !== previous + 1) return;
    yield { number, uuid: header.toString("latin1", at.uuid, at.end), record, file };
    previous = number;
    position = end;
  }
}
