/** What the headers of one file say. Section numbers are those of PKWARE's APPNOTE.TXT 6.3. Sizes in bytes. */
export interface ZipFileFacts {
  readonly name: Buffer;
  /** The name has other letters than ASCII. */
  readonly isUtf8: boolean;
  readonly time: DosTime;
  /** Sizes and CRC-32 come behind the data (§4.3.9). */
  readonly isStreamed: boolean;
  /** The sizes behind the data have 64 bits. */
  readonly isWide: boolean;
}

/** What is known of the content of a file. */
export interface ZipContentFacts {
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
}

/** Time and date as MS-DOS has them (§4.4.6). */
export interface DosTime {
  readonly time: number;
  readonly date: number;
}

/** Where the central directory is. */
export interface ZipDirectoryFacts {
  readonly entries: number;
  readonly offset: number;
  readonly size: number;
}

const deflated = 8;
const flags = { streamed: 1 << 3, utf8: 1 << 11 };
/** Versions needed to extract (§4.4.3): for folders and deflate, and for ZIP64. */
const versions = { plain: 20, zip64: 45 };
const zip64Id = 1;
const in64 = 0xffffffff;
const countIn64 = 0xffff;

/** The local clock at `date`; MS-DOS counts from 1980, in steps of two seconds. */
export function dosTime(date: Date): DosTime {
  const year = Math.max(0, date.getFullYear() - 1980);
  return {
    time: (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1),
    date: (year << 9) | ((date.getMonth() + 1) << 5) | date.getDate(),
  };
}

/** §4.3.7. `content` is undefined for a streamed file. A whole file is never so large that its sizes need 64 bits. */
export function localHeader(file: ZipFileFacts, content: ZipContentFacts | undefined): Buffer {
  const extra = file.isWide ? zip64Extra([0, 0]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header.subarray(4), file, file.isWide ? { crc: 0, size: in64, compressedSize: in64 } : content);
  header.writeUInt16LE(file.name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, file.name, extra]);
}

/** §4.3.9 */
export function dataDescriptor({ isWide }: ZipFileFacts, { crc, size, compressedSize }: ZipContentFacts): Buffer {
  const bytes = Buffer.alloc(isWide ? 24 : 16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (isWide) {
    bytes.writeBigUInt64LE(BigInt(compressedSize), 8);
    bytes.writeBigUInt64LE(BigInt(size), 16);
  } else {
    bytes.writeUInt32LE(compressedSize, 8);
    bytes.writeUInt32LE(size, 12);
  }
  return bytes;
}

/** §4.3.12. `offset`: where the local header is. */
export function directoryEntry(file: ZipFileFacts, content: ZipContentFacts, offset: number): Buffer {
  const { size, compressedSize } = content;
  const wide = [size, compressedSize, offset].filter((value) => value >= in64);
  const extra = wide.length === 0 ? Buffer.alloc(0) : zip64Extra(wide);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(versions.zip64, 4);
  writeCommon(
    entry.subarray(6),
    { ...file, isWide: file.isWide || wide.length > 0 },
    { ...content, size: Math.min(size, in64), compressedSize: Math.min(compressedSize, in64) },
  );
  entry.writeUInt16LE(file.name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(Math.min(offset, in64), 42);
  return Buffer.concat([entry, file.name, extra]);
}

/** §4.3.16, with §4.3.14 and §4.3.15 before it where a number is too large for it. */
export function endRecords({ entries, offset, size }: ZipDirectoryFacts): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, countIn64), 8);
  end.writeUInt16LE(Math.min(entries, countIn64), 10);
  end.writeUInt32LE(Math.min(size, in64), 12);
  end.writeUInt32LE(Math.min(offset, in64), 16);
  if (entries < countIn64 && size < in64 && offset < in64) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(end64.length - 12), 4);
  end64.writeUInt16LE(versions.zip64, 12);
  end64.writeUInt16LE(versions.zip64, 14);
  end64.writeBigUInt64LE(BigInt(entries), 24);
  end64.writeBigUInt64LE(BigInt(entries), 32);
  end64.writeBigUInt64LE(BigInt(size), 40);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}

/** The fields from "version needed" to "uncompressed size", which both headers of a file have. */
function writeCommon(bytes: Buffer, file: ZipFileFacts, content: ZipContentFacts | undefined): void {
  bytes.writeUInt16LE(file.isWide ? versions.zip64 : versions.plain, 0);
  bytes.writeUInt16LE((file.isStreamed ? flags.streamed : 0) | (file.isUtf8 ? flags.utf8 : 0), 2);
  bytes.writeUInt16LE(deflated, 4);
  bytes.writeUInt16LE(file.time.time, 6);
  bytes.writeUInt16LE(file.time.date, 8);
  bytes.writeUInt32LE(content?.crc ?? 0, 10);
  bytes.writeUInt32LE(content?.compressedSize ?? 0, 14);
  bytes.writeUInt32LE(content?.size ?? 0, 18);
}

/** §4.5.3 */
function zip64Extra(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * values.length);
  bytes.writeUInt16LE(zip64Id, 0);
  bytes.writeUInt16LE(8 * values.length, 2);
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 4 + 8 * at);
  return bytes;
}
