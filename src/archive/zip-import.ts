import { crc32, createInflateRaw } from "node:zlib";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import type { Archive, IngestResult, Origin, Spooled } from "./archive.ts";
import { throughStream } from "./compression.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { readZipDirectory, startOfData, type ReadBytes, type ZipEntry } from "./zip-directory.ts";

export interface ZipImportParts {
  readonly archive: Pick<Archive, "ingest" | "spool">;
  readonly log: Log;
  /** Bytes that one file may have once unpacked (`MaximumFileSizeInArchiveMB`). */
  readonly maximumFileSize: number;
  /** Bytes that the files of any archive may unpack to altogether; beyond that, 100 times its size. Default 1 GiB. */
  readonly toleratedSize?: number;
}

/** Ingests the DICOM files of a ZIP archive. The results are in the order of its directory; other files are passed over. */
export type ZipImport = (body: AsyncIterable<Uint8Array>, origin: Origin) => Promise<readonly IngestResult[]>;

/** Of the central directory, which is read as a whole. */
const limits = { entries: 200_000, directory: 32 << 20 };

const defaultToleratedSize = 2 ** 30;
const toleratedRatio = 100;

/** Files that are ingested at the same time: they are committed together. */
const concurrency = 8;

const methods = { stored: 0, deflated: 8 };

/**
 * Imports archives by way of the storage: the central directory, which is the truth about an archive, stands at its end.
 * Throws `BadFileFormat` for what is no archive and for bombs.
 */
export function createZipImport(parts: ZipImportParts): ZipImport {
  return (body, origin) => parts.archive.spool(body, (spooled) => importSpooled(parts, spooled, origin));
}

async function importSpooled(
  parts: ZipImportParts,
  spooled: Spooled,
  origin: Origin,
): Promise<readonly IngestResult[]> {
  const { size } = spooled;
  const stream = (start: number, end: number): AsyncIterable<Uint8Array> =>
    spooled.read({ start, end: Math.min(end, size) });
  const read: ReadBytes = async (start, end) => Buffer.concat(await Array.fromAsync(stream(start, end)));
  const entries = await readZipDirectory(read, size, limits);
  const meter = createMeter((parts.toleratedSize ?? defaultToleratedSize) + size * toleratedRatio);
  const open = async function* (entry: ZipEntry): AsyncGenerator<Uint8Array, void, void> {
    const start = await startOfData(read, entry);
    const packed = stream(start, start + entry.compressedSize);
    const data = entry.method === methods.deflated ? throughStream(packed, createInflateRaw()) : packed;
    yield* checked(data, entry, parts.maximumFileSize, meter);
  };
  const results = await mapConcurrently(entries.filter(isFile), concurrency, async (entry) => {
    const reason = unreadable(entry);
    if (reason !== undefined) {
      parts.log.warn(`"${entry.name}" of a ZIP archive is passed over: ${reason}`);
      return undefined;
    }
    return ingestEntry(parts, entry, open(entry), origin);
  });
  return results.filter((result) => result !== undefined);
}

/** Folders end in a slash. */
function isFile({ name, size, compressedSize }: ZipEntry): boolean {
  return !name.endsWith("/") && size > 0 && compressedSize > 0;
}

function unreadable({ isEncrypted, method }: ZipEntry): string | undefined {
  if (isEncrypted) return "it is encrypted";
  const isKnown = method === methods.stored || method === methods.deflated;
  return isKnown ? undefined : `its compression method ${method} is unknown`;
}

/** Undefined for a file that is no instance. */
async function ingestEntry(
  { archive, log }: ZipImportParts,
  { name }: ZipEntry,
  data: AsyncIterable<Uint8Array>,
  origin: Origin,
): Promise<IngestResult | undefined> {
  try {
    return await archive.ingest(data, origin);
  } catch (error) {
    if (error instanceof ZipBombError) throw new ServerError("BadFileFormat", error.message, { cause: error });
    if (!isUnreadable(error)) throw error;
    log.info(`"${name}" of a ZIP archive is no DICOM instance: ${error.message}`);
    return undefined;
  }
}

/** Whether the file itself is at fault: it is no instance, or cannot be inflated. */
function isUnreadable(error: unknown): error is Error {
  if (error instanceof ServerError) return error.row.http < 500;
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

/** What ends the import of the whole archive. */
class ZipBombError extends Error {
  override readonly name = "ZipBombError";
}

/** Counts what is unpacked; false once it is more than `limit` bytes. */
type Meter = (bytes: number) => boolean;

function createMeter(limit: number): Meter {
  let total = 0;
  return (bytes) => (total += bytes) <= limit;
}

async function* checked(
  data: AsyncIterable<Uint8Array>,
  { name, crc }: ZipEntry,
  maximum: number,
  meter: Meter,
): AsyncGenerator<Uint8Array, void, void> {
  let size = 0;
  let sum = 0;
  for await (const chunk of data) {
    size += chunk.length;
    if (size > maximum) throw new ZipBombError(`"${name}" of a ZIP archive unpacks to more than ${maximum} bytes`);
    if (!meter(chunk.length))
      throw new ZipBombError(`a ZIP archive unpacks to more than ${toleratedRatio} times its size`);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== crc) throw new ServerError("BadFileFormat", `"${name}" is damaged: its CRC-32 is wrong`);
}
