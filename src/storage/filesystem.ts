import { mkdir, open } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Log } from "../util/log.ts";
import { ServerError } from "../util/errors.ts";
import { isBufferList, totalLength } from "./blob-data.ts";
import { createFile, readFile, readFileInto, removeFile } from "./filesystem/blob-file.ts";
import { blobPath } from "./filesystem/blob-path.ts";
import { errorCode } from "./filesystem/file-errors.ts";
import { replayJournal } from "./filesystem/replay.ts";
import { createSmallBlobs, type SmallBlobs } from "./filesystem/small-blobs.ts";
import { blobsWrittenSince } from "./filesystem/suspects.ts";
import type { BlobStorage, ReadsInto } from "./storage.ts";

export interface FilesystemStorageOptions {
  /** `StorageDirectory`; made when it is missing. */
  readonly root: string;
  /** `SyncStorageArea`: a blob is on the disk when `write` resolves. */
  readonly sync: boolean;
  readonly log: Log;
  /** Largest blob, in bytes, that is made durable by the journal instead of a flush of its own; 0: no journal. */
  readonly journaledSize?: number;
  /** Bytes per file of the journal. */
  readonly journalCapacity?: number;
}

/** A storage that leaves traces of a crash, and can tell which blobs may be such. */
export interface SweepableStorage extends BlobStorage, ReadsInto {
  /** Blobs that may be orphans when the last run, which began at `since` (milliseconds since the epoch), ended in a crash. */
  suspects(since: number): AsyncIterable<string>;
  /** Flushes what is left to flush. */
  close(): Promise<void>;
}

const defaultJournaledSize = 64 << 10;
const defaultJournalCapacity = 32 << 20;

/** Greyhaven reads no Orthanc index: its blobs would look like orphans. */
async function refuseOrthanc(root: string): Promise<void> {
  const path = join(root, "index");
  const signature = Buffer.alloc(15);
  try {
    const file = await open(path, "r");
    await file.read(signature, 0, signature.length, 0);
    await file.close();
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "EISDIR") return;
    throw error;
  }
  if (signature.toString("latin1") !== "SQLite format 3") return;
  throw new ServerError(
    "IncompatibleDatabaseVersion",
    `StorageDirectory ${root} holds the database of an Orthanc (its file "index"): expected a folder of Greyhaven's own; ` +
      "send Orthanc's studies to it through DICOM, DICOMweb or an archive",
  );
}

interface Durability {
  /** What small blobs are written by; undefined when nothing is flushed, or all by itself. */
  readonly smallBlobs: SmallBlobs | undefined;
  readonly restored: readonly string[];
}

async function openJournal(options: FilesystemStorageOptions, root: string): Promise<Durability> {
  const folder = join(root, "journal");
  const paths = [join(folder, "0"), join(folder, "1")] as const;
  // Also without `sync`: the last run may have had it.
  const restored = await replayJournal(root, paths);
  if (restored.length > 0)
    options.log.warn(`the storage's journal brought back ${restored.length} blobs after a crash`);
  if (!options.sync || options.journaledSize === 0) return { smallBlobs: undefined, restored };
  await mkdir(folder, { recursive: true });
  const journal = { paths, capacity: options.journalCapacity ?? defaultJournalCapacity };
  return { smallBlobs: createSmallBlobs({ root, journal }, (text) => options.log.error(text)), restored };
}

/**
 * Blobs as files `ab/cd/abcd….` below a folder, as Orthanc lays them out. Small ones become durable through a journal
 * (`filesystem/journal.ts`), large ones by a flush of their file.
 */
export async function createFilesystemStorage(options: FilesystemStorageOptions): Promise<SweepableStorage> {
  const root = resolve(options.root);
  await mkdir(root, { recursive: true });
  await refuseOrthanc(root);
  const { smallBlobs, restored } = await openJournal(options, root);
  const journaledSize = options.journaledSize ?? defaultJournaledSize;
  return {
    async write(uuid, _type, data) {
      const size = isBufferList(data) ? totalLength(data) : undefined;
      if (smallBlobs === undefined || !isBufferList(data) || size === undefined || size > journaledSize)
        return { size: await createFile(blobPath(root, uuid), data, options.sync) };
      await smallBlobs.write(uuid, data);
      return { size };
    },
    read: ({ uuid }, range) => readFile(blobPath(root, uuid), range),
    readInto: ({ uuid }, into) => readFileInto(blobPath(root, uuid), into),
    remove: ({ uuid }) => removeFile(blobPath(root, uuid)),
    async *suspects(since) {
      yield* restored;
      yield* blobsWrittenSince(root, since);
    },
    async close() {
      await smallBlobs?.close();
    },
  };
}
