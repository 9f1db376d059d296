import { crc32 } from "node:zlib";
import { totalLength } from "../blob-data.ts";
import { isBlobName } from "./blob-path.ts";

/*
 * A record of the journal: magic (4), CRC-32 of what follows in the header and of the data (4), generation (4), size of the data (4),
 * UUID (36), zeros up to 64 bytes; then the data. Numbers are little endian.
 */
const magic = Buffer.from("GHJ1", "latin1");
export const headerLength = 64;
const crcEnd = 8;
const uuidStart = 16;
const uuidEnd = uuidStart + 36;

export interface JournalRecord {
  readonly uuid: string;
  readonly data: Buffer;
}

/** The header that goes before `data` in the journal. */
export function recordHeader(generation: number, uuid: string, data: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(headerLength);
  magic.copy(header);
  header.writeUInt32LE(generation, 8);
  header.writeUInt32LE(totalLength(data), 12);
  header.write(uuid, uuidStart, "latin1");
  header.writeUInt32LE(checksum(header, data), 4);
  return header;
}

function checksum(header: Buffer, data: readonly Uint8Array[]): number {
  return data.reduce<number>((sum, buffer) => crc32(buffer, sum), crc32(header.subarray(crcEnd)));
}

/**
 * The whole records at the start of a journal. Reading stops at the first that is damaged, cut off or of another generation: what lies
 * there was never acknowledged, or is left from an earlier use of the file.
 */
export function* readRecords(journal: Buffer): Generator<JournalRecord> {
  let generation: number | undefined;
  let position = 0;
  while (position + headerLength <= journal.length) {
    const header = journal.subarray(position, position + headerLength);
    const start = position + headerLength;
    const end = start + header.readUInt32LE(12);
    if (!header.subarray(0, 4).equals(magic) || end > journal.length) return;
    const data = journal.subarray(start, end);
    if (checksum(header, [data]) !== header.readUInt32LE(4)) return;
    generation ??= header.readUInt32LE(8);
    const uuid = header.toString("latin1", uuidStart, uuidEnd);
    if (header.readUInt32LE(8) !== generation || !isBlobName(uuid)) return;
    yield { uuid, data };
    position = end;
  }
}
