import { randomUUID } from "node:crypto";
import { createInflateRaw } from "node:zlib";
import type { BlobReference, BlobStorage } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import type { Archive, IngestResult, Origin } from "./archive.ts";
import { throughStream } from "./compression.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { readZipDirectory, startOfData, type ReadBytes, type ZipEntry } from "./zip-directory.ts";

export interface ZipImportParts {
  readonly archive: Pick<Archive, "ingest">;
  /** Keeps the archive while it is read. */
  readonly storage: BlobStorage;
  readonly log: Log;
  /** Bytes that one file may have once unpacked (`MaximumFileSizeInArchiveMB`). */
  readonly maximumFileSize: number;
}

/** Ingests the DICOM files of a ZIP archive. The results are in the order of its directory; other files are passed over. */
export type ZipImport = (body: AsyncIterable<Uint8Array>, origin: Origin) => Promise<readonly IngestResult[]>;

const limits = { entries: 1_000_000, directory: 128 << 20 };

/** Bytes that the files of an archive may unpack to altogether, however small it is, and how many times its size beyond that. */
const unpacked = { anyway: 2 ** 30, ratio: 100 };

/** Files that are ingested at the same time: they are committed together. */
const concurrency = 8;

/** Blobs of this type are in no row: users' attachments begin at 1024, Orthanc's end at 3. */
const spoolType = 0;

const methods = { stored: 0, deflated: 8 };

/**
 * Imports archives by way of a temporary blob: the central directory, which is the truth about an archive, stands at its end.
 * Throws `BadFileFormat` for what is no archive and for bombs.
 */
export function createZipImport(parts: ZipImportParts): ZipImport {
  return async (body, origin) => {
    const { storage } = parts;
    const uuid = randomUUID();
    const { size, customData } = await storage.write(uuid, spoolType, body);
    const spool = { uuid, type: spoolType, ...(customData === undefined ? {} : { customData }) };
    try {
      return await importSpooled(parts, { spool, size }, origin);
    } finally {
      await storage.remove(spool);
    }
  };
}

interface Spooled {
  readonly spool: BlobReference;
  readonly size: number;
}

async function importSpooled(
  parts: ZipImportParts,
  { spool, size }: Spooled,
  origin: Origin,
): Promise<readonly IngestResult[]> {
  const { storage } = parts;
  const read: ReadBytes = async (start, end) =>
    Buffer.concat(await Array.fromAsync(storage.read(spool, { start, end: Math.min(end, size) })));
  const entries = await readZipDirectory(read, size, limits);
  const meter = createMeter(unpacked.anyway + size * unpacked.ratio);
  const open = async function* (entry: ZipEntry): AsyncGenerator<Uint8Array, void, void> {
    const start = await startOfData(read, entry);
    const packed = storage.read(spool, { start, end: Math.min(start + entry.compressedSize, size) });
    const data = entry.method === methods.deflated ? throughStream(packed, createInflateRaw()) : packed;
    yield* limited(data, entry, parts.maximumFileSize, meter);
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
    const isForeign = error instanceof ServerError || (error instanceof Error && "code" in error);
    if (!isForeign || (error instanceof ServerError && error.row.http >= 500)) throw error;
    log.info(`"${name}" of a ZIP archive is no DICOM instance: ${error.message}`);
    return undefined;
  }
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

async function* limited(
  data: AsyncIterable<Uint8Array>,
  { name }: ZipEntry,
  maximum: number,
  meter: Meter,
): AsyncGenerator<Uint8Array, void, void> {
  let size = 0;
  for await (const chunk of data) {
    size += chunk.length;
    if (size > maximum) throw new ZipBombError(`"${name}" of a ZIP archive unpacks to more than ${maximum} bytes`);
    if (!meter(chunk.length)) throw new ZipBombError(`a ZIP archive unpacks to more than ${unpacked.ratio} times its size`);
    yield chunk;
  }
}
