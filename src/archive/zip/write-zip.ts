import { totalLength } from "../../util/total-length.ts";
import { gathered } from "./gathered.ts";
import { packFile, type PackedFile } from "./packed-file.ts";
import { readAhead } from "./read-ahead.ts";
import {
  dataDescriptor,
  directoryEntry,
  dosTime,
  endRecords,
  localHeader,
  type DosTime,
  type ZipContentFacts,
  type ZipFileFacts,
} from "./zip-records.ts";

/** A file to be put into an archive. */
export interface ZipSource {
  /** Path within the archive, `/` between folders. */
  readonly name: string;
  /** Called before the files in front of it are written. Undefined leaves the file out. */
  open(): Promise<ZipContent | undefined>;
}

export interface ZipContent {
  /** Bytes that `stream` will give, where known. */
  readonly size: number | undefined;
  /** Bytes that it will give at most, where its size is not known; undefined: there may be more than 4 GiB. */
  readonly mostBytes?: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface ZipOptions {
  /** Files that are read and packed at the same time. */
  readonly filesAhead: number;
  /** Date of the files. */
  readonly date: Date;
}

/** A file that was packed before its turn. */
interface ReadyFile {
  readonly name: string;
  /** Whether its sizes may need 64 bits. */
  readonly mayBeWide: boolean;
  readonly packed: PackedFile;
}

/** Bytes of the smallest chunks that an archive comes in. */
const chunkSize = 64 << 10;
/** From here on sizes are written with 64 bits; below it, deflate cannot make them grow beyond 32. */
const wideSize = 0xf0000000;

/**
 * An archive (PKWARE's APPNOTE.TXT 6.3) of deflated files, in the order of `sources`, made while it is read: some files ahead are read
 * and packed, no more. Files of a few megabytes have their sizes in front, larger ones behind their data; ZIP64 where it is needed. What a
 * source throws ends the archive, and so does whoever stops reading: all sources are closed then.
 */
export function writeZip(sources: AsyncIterable<ZipSource>, options: ZipOptions): AsyncGenerator<Buffer, void, void> {
  return gathered(zipParts(sources, options), chunkSize);
}

async function* zipParts(sources: AsyncIterable<ZipSource>, options: ZipOptions): AsyncGenerator<Buffer, void, void> {
  const time = dosTime(options.date);
  const directory: Buffer[] = [];
  let offset = 0;
  const files = readAhead(sources, { width: options.filesAhead, begin: prepare, discard: letGo });
  for await (const file of files) {
    if (file === undefined) continue;
    const start = offset;
    const facts = factsOf(file, time);
    for await (const part of fileParts(facts, file.packed)) {
      offset += part.length;
      yield part;
    }
    directory.push(directoryEntry(facts, contentOf(file.packed), start));
  }
  yield* directory;
  const size = totalLength(directory);
  yield endRecords({ entries: directory.length, offset, size });
}

async function prepare(source: ZipSource): Promise<ReadyFile | undefined> {
  const content = await source.open();
  if (content === undefined) return undefined;
  const { stream, size, mostBytes = Infinity } = content;
  return { name: source.name, mayBeWide: (size ?? mostBytes) >= wideSize, packed: await packFile(stream, size) };
}

async function letGo(file: ReadyFile | undefined): Promise<void> {
  if (file?.packed.kind === "flowing") await file.packed.discard();
}

function factsOf({ name, mayBeWide, packed }: ReadyFile, time: DosTime): ZipFileFacts {
  const bytes = Buffer.from(name, "utf8");
  const isStreamed = packed.kind === "flowing";
  return { name: bytes, isUtf8: bytes.length !== name.length, time, isStreamed, isWide: isStreamed && mayBeWide };
}

function contentOf(packed: PackedFile): ZipContentFacts {
  return packed.kind === "whole" ? packed.content : packed.content();
}

async function* fileParts(facts: ZipFileFacts, packed: PackedFile): AsyncGenerator<Buffer, void, void> {
  if (packed.kind === "whole") {
    yield localHeader(facts, packed.content);
    yield* packed.data;
    return;
  }
  try {
    yield localHeader(facts, undefined);
    yield* packed.data;
    yield dataDescriptor(facts, packed.content());
  } finally {
    await packed.discard();
  }
}
