import { mkdir, open } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ServerError } from "../util/errors.ts";
import { createFile, readFile, readFileInto, removeFile } from "./filesystem/blob-file.ts";
import { blobPath } from "./filesystem/blob-path.ts";
import { errorCode } from "./filesystem/file-errors.ts";
import { blobsWrittenSince } from "./filesystem/suspects.ts";
import type { BlobStorage, ContentType, ReadsInto } from "./storage.ts";

export interface FilesystemStorageOptions {
  /** `StorageDirectory`; made when it is missing. */
  readonly root: string;
  /** `SyncStorageArea`: a blob is on the disk when `write` resolves. */
  readonly sync: boolean;
  /** Blobs that may have no row for other reasons than a crash while they were written. */
  readonly suspects?: readonly string[];
}

/** A storage that leaves traces of a crash, and can tell which blobs may be such. */
export interface SweepableStorage extends BlobStorage, ReadsInto {
  /** As `write`, for a file that somebody else flushes. */
  writeUnflushed(uuid: string, type: ContentType, data: readonly Uint8Array[]): Promise<{ readonly size: number }>;
  /** Blobs that may be orphans when the last run, which began at `since` (milliseconds since the epoch), ended in a crash. */
  suspects(since: number): AsyncIterable<string>;
}

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

/**
 * Blobs as files `ab/cd/abcd….` below a folder, as Orthanc lays them out. Each is flushed by itself; those of instances may also be written
 * by the thread of the catalog (`filesystem/journaled-files.ts`).
 */
export async function createFilesystemStorage(options: FilesystemStorageOptions): Promise<SweepableStorage> {
  const root = resolve(options.root);
  await mkdir(root, { recursive: true });
  await refuseOrthanc(root);
  return {
    write: async (uuid, _type, data) => ({ size: await createFile(blobPath(root, uuid), data, options.sync) }),
    writeUnflushed: async (uuid, _type, data) => ({ size: await createFile(blobPath(root, uuid), data, false) }),
    read: ({ uuid }, range) => readFile(blobPath(root, uuid), range),
    readInto: ({ uuid }, into) => readFileInto(blobPath(root, uuid), into),
    remove: ({ uuid }) => removeFile(blobPath(root, uuid)),
    async *suspects(since) {
      yield* options.suspects ?? [];
      yield* blobsWrittenSince(root, since);
    },
  };
}
