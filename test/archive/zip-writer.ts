import { crc32, deflateRawSync } from "node:zlib";

export interface ZipFile {
  readonly name: string;
  readonly data: Buffer;
  /** Stored when absent. */
  readonly deflate?: true;
  /** Sizes come after the data, in a data descriptor (APPNOTE.TXT §4.3.9). */
  readonly streamed?: true;
  readonly encrypted?: true;
}

/** A ZIP archive (APPNOTE.TXT), for what no tool at hand writes. */
export function zipOf(files: readonly ZipFile[], comment = ""): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const packed = file.deflate ? deflateRawSync(file.data) : file.data;
    const name = Buffer.from(file.name);
    const local = Buffer.concat([
      localHeader(file, packed, name),
      packed,
      file.streamed ? descriptor(file, packed) : Buffer.alloc(0),
    ]);
    directory.push(directoryEntry(file, packed, { name, offset }));
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  return Buffer.concat([...parts, entries, endRecord(files.length, { size: entries.length, offset, comment })]);
}

const flagsOf = ({ streamed, encrypted }: ZipFile): number => (streamed ? 8 : 0) + (encrypted ? 1 : 0) + 0x800;

function localHeader(file: ZipFile, packed: Buffer, name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flagsOf(file), 6);
  header.writeUInt16LE(file.deflate ? 8 : 0, 8);
  if (!file.streamed) {
    header.writeUInt32LE(crc32(file.data), 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(file.data.length, 22);
  }
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function descriptor(file: ZipFile, packed: Buffer): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc32(file.data), 4);
  bytes.writeUInt32LE(packed.length, 8);
  bytes.writeUInt32LE(file.data.length, 12);
  return bytes;
}

function directoryEntry(file: ZipFile, packed: Buffer, at: { readonly name: Buffer; readonly offset: number }): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(20, 4);
  entry.writeUInt16LE(20, 6);
  entry.writeUInt16LE(flagsOf(file), 8);
  entry.writeUInt16LE(file.deflate ? 8 : 0, 10);
  entry.writeUInt32LE(crc32(file.data), 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(file.data.length, 24);
  entry.writeUInt16LE(at.name.length, 28);
  entry.writeUInt32LE(at.offset, 42);
  return Buffer.concat([entry, at.name]);
}

function endRecord(
  count: number,
  { size, offset, comment }: { size: number; offset: number; comment: string },
): Buffer {
  const text = Buffer.from(comment);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(text.length, 20);
  return Buffer.concat([end, text]);
}
