import { ServerError } from "../util/errors.ts";

/** Reads bytes `start … end - 1` of an archive. */
export type ReadBytes = (start: number, end: number) => Promise<Buffer>;

/** One file of an archive. Sizes in bytes. */
export interface ZipEntry {
  readonly name: string;
  /** Compression method (APPNOTE §4.4.5): 0 stored, 8 deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly compressedSize: number;
  /** As the archive says: not to be trusted. */
  readonly size: number;
  /** CRC-32 of the unpacked file. */
  readonly crc: number;
  /** Where the local header of the file is. */
  readonly offset: number;
}

export interface ZipLimits {
  readonly entries: number;
  /** Bytes of the central directory. */
  readonly directory: number;
}

interface Directory {
  readonly start: number;
  readonly size: number;
  readonly entries: number;
}

/** Section numbers are those of PKWARE's APPNOTE.TXT 6.3. */
const signatures = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
const endLength = 22;
const longestComment = 0xffff;
const locator64Length = 20;
const end64Length = 56;
const entryLength = 46;
const localLength = 30;
const in64 = 0xffffffff;

/** Lists the files of an archive of `size` bytes, in the order of its central directory. Throws `BadFileFormat`. */
export async function readZipDirectory(read: ReadBytes, size: number, limits: ZipLimits): Promise<readonly ZipEntry[]> {
  const directory = await findDirectory(read, size);
  if (directory.entries > limits.entries)
    throw bad(`it has ${directory.entries} files, at most ${limits.entries} are read`);
  if (directory.size > limits.directory || directory.start + directory.size > size) {
    throw bad(`its directory of ${directory.size} bytes at ${directory.start} is impossible`);
  }
  const bytes = await read(directory.start, directory.start + directory.size);
  const entries: ZipEntry[] = [];
  let packed = 0;
  for (let at = 0; entries.length < directory.entries;) {
    const { entry, end } = readEntry(bytes, at);
    packed += localLength + entry.compressedSize;
    if (entry.offset + localLength + entry.compressedSize > directory.start) {
      throw bad(`"${entry.name}" lies beyond the files`);
    }
    // The way to make a bomb of few bytes.
    if (packed > directory.start) throw bad("its files overlap");
    entries.push(entry);
    at = end;
  }
  return entries;
}

/** Where the data of a file begin: its local header has lengths of its own (§4.3.7). */
export async function startOfData(read: ReadBytes, { offset, name }: ZipEntry): Promise<number> {
  const header = await read(offset, offset + localLength);
  if (header.length < localLength || header.readUInt32LE(0) !== signatures.local) {
    throw bad(`"${name}" has no header at ${offset}`);
  }
  return offset + localLength + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** §4.3.16, and §4.3.14 where that says to look further. */
async function findDirectory(read: ReadBytes, size: number): Promise<Directory> {
  const tailStart = Math.max(0, size - endLength - longestComment);
  const tail = await read(tailStart, size);
  const at = endAt(tail);
  if (at === undefined) throw bad("it has no central directory: it was cut short, or is no ZIP archive");
  const end = tail.subarray(at);
  const directory = { entries: end.readUInt16LE(10), size: end.readUInt32LE(12), start: end.readUInt32LE(16) };
  const isLarge = directory.entries === 0xffff || directory.size === in64 || directory.start === in64;
  if (!isLarge) return directory;
  return (await findDirectory64(read, tailStart + at)) ?? directory;
}

/** The last end record whose comment ends where the archive does. */
function endAt(tail: Buffer): number | undefined {
  for (let at = tail.length - endLength; at >= 0; at--) {
    if (tail.readUInt32LE(at) === signatures.end && at + endLength + tail.readUInt16LE(at + 20) === tail.length)
      return at;
  }
  return undefined;
}

async function findDirectory64(read: ReadBytes, end: number): Promise<Directory | undefined> {
  if (end < locator64Length) return undefined;
  const locator = await read(end - locator64Length, end);
  if (locator.readUInt32LE(0) !== signatures.locator64) return undefined;
  const at = number64(locator, 8);
  if (at + end64Length > end) throw bad("its ZIP64 directory is beyond its end");
  const record = await read(at, at + end64Length);
  if (record.readUInt32LE(0) !== signatures.end64) throw bad(`it has no ZIP64 directory at ${at}`);
  return { entries: number64(record, 32), size: number64(record, 40), start: number64(record, 48) };
}

/** §4.3.12 */
function readEntry(bytes: Buffer, at: number): { readonly entry: ZipEntry; readonly end: number } {
  if (at + entryLength > bytes.length || bytes.readUInt32LE(at) !== signatures.entry) {
    throw bad(`its directory is damaged at byte ${at}`);
  }
  const nameEnd = at + entryLength + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const end = extraEnd + bytes.readUInt16LE(at + 32);
  if (end > bytes.length) throw bad(`its directory is damaged at byte ${at}`);
  const wide = wideFields(bytes.subarray(nameEnd, extraEnd));
  // In this order (§4.5.3), and only those that do not fit are there.
  const size = wide(bytes.readUInt32LE(at + 24));
  const compressedSize = wide(bytes.readUInt32LE(at + 20));
  const offset = wide(bytes.readUInt32LE(at + 42));
  const entry = {
    name: bytes.toString("utf8", at + entryLength, nameEnd),
    method: bytes.readUInt16LE(at + 10),
    isEncrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    crc: bytes.readUInt32LE(at + 16),
    compressedSize,
    size,
    offset,
  };
  return { entry, end };
}

/** Reads the fields of 64 bits in their order, each in place of one that says FFFFFFFFH. */
function wideFields(extra: Buffer): (narrow: number) => number {
  let fields: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) fields = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  return (narrow) => {
    if (narrow !== in64 || fields.length < 8) return narrow;
    const value = number64(fields, 0);
    fields = fields.subarray(8);
    return value;
  };
}

function number64(bytes: Buffer, at: number): number {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw bad("it has an impossible size");
  return value;
}

function bad(problem: string): ServerError {
  return new ServerError("BadFileFormat", `the ZIP archive cannot be read: ${problem}`);
}
