import type { Catalog } from "../catalog.ts";
import { migrate } from "../schema/migrate.ts";
import { reads, writes, type Reads, type Writes } from "../sql-catalog/acts.ts";
import type { ExtraTags } from "../sql-catalog/find/tag-place.ts";
import { openConnection } from "./connection.ts";
import type { Executor } from "./executor.ts";
import { type FolderLock, lockCatalog } from "./folder-lock.ts";
import { LocalExecutor } from "./local-executor.ts";
import { actsByName, readEach, writeTogether } from "./run-calls.ts";
import { createStoring } from "./storing.ts";
import { ThreadExecutor } from "./thread-executor.ts";

export interface SqliteCatalogOptions {
  /** Path of the database, or `:memory:`. Its folder must exist. */
  readonly file: string;
  /** Tags beyond the default main DICOM tags that instances are stored with. */
  readonly extraMainDicomTags: ExtraTags;
}

interface Executors {
  readonly reader: Executor<Reads>;
  readonly writer: Executor<Writes>;
  readonly lock?: FolderLock;
}

/** One connection, on the caller's thread, for both. */
function inMemory(): Executors {
  const connection = openConnection(":memory:", "write");
  connection.transaction(() => migrate(connection));
  const readActs = actsByName(reads);
  const writeActs = actsByName(writes);
  return {
    reader: new LocalExecutor<Reads>(
      (calls) => readEach(connection, readActs, calls),
      () => {},
    ),
    writer: new LocalExecutor<Writes>(
      (calls) => writeTogether(connection, writeActs, calls),
      () => connection.close(),
    ),
  };
}

/** The schema is brought up to date here, before the threads start, so that what is wrong with the file stops the start. */
function inThreads(file: string): Executors {
  const lock = lockCatalog(file);
  try {
    const connection = openConnection(file, "write");
    try {
      connection.transaction(() => migrate(connection));
    } finally {
      connection.close();
    }
  } catch (error) {
    lock.release();
    throw error;
  }
  const writer = new ThreadExecutor<Writes>({ file, mode: "write" });
  return { lock, writer, reader: new ThreadExecutor<Reads>({ file, mode: "read" }) };
}

/**
 * Opens a catalog, making it when it is missing. A file has a thread that writes, with group commit, and one that reads; neither
 * flushing nor a long query holds up the event loop, and reading never waits for writing. Throws `IncompatibleDatabaseVersion` for
 * the file of a newer program, `SQLiteCannotOpen`, and `DatabaseUnavailable` while another server has it open.
 */
export async function openSqliteCatalog({ file, extraMainDicomTags: extra }: SqliteCatalogOptions): Promise<Catalog> {
  const { reader, writer, lock } = file === ":memory:" ? inMemory() : inThreads(file);
  return {
    storeInstance: createStoring(writer),
    remove: (publicId, level) => writer.call("remove", publicId, level),
    reconstruct: (resources) => writer.call("reconstruct", resources),

    find: (request) => reader.call("find", request, extra),
    count: (request) => reader.call("count", request, extra),
    levelOf: (publicId) => reader.call("levelOf", publicId),
    lookup: (value) => reader.call("lookup", value),

    metadata: (publicId, level) => reader.call("metadata", publicId, level),
    setMetadata: (publicId, metadata, value, expected) =>
      writer.call("setMetadata", publicId, { metadata, value }, expected),
    deleteMetadata: (publicId, metadata, expected) => writer.call("deleteMetadata", publicId, metadata, expected),

    attachments: (publicId, level) => reader.call("attachments", publicId, level),
    setAttachment: (publicId, attachment, expected) => writer.call("setAttachment", publicId, attachment, expected),
    deleteAttachment: (publicId, type, expected) => writer.call("deleteAttachment", publicId, type, expected),
    knownBlobs: (uuids) => reader.call("knownBlobs", uuids),

    labels: () => reader.call("labels"),
    addLabel: (publicId, label) => writer.call("addLabel", publicId, label),
    removeLabel: (publicId, label) => writer.call("removeLabel", publicId, label),

    isProtected: (patient) => reader.call("isProtected", patient),
    setProtected: (patient, isProtected) => writer.call("setProtected", patient, isProtected),

    changes: (request) => reader.call("changes", request),
    recordChange: (type, resource, date) => writer.call("recordChange", type, resource, date),
    deleteChanges: () => writer.call("deleteChanges"),
    exports: (since, limit) => reader.call("exports", since, limit),
    recordExport: (resource, remoteModality, date) => writer.call("recordExport", resource, remoteModality, date),
    deleteExports: () => writer.call("deleteExports"),

    statistics: () => reader.call("statistics"),
    resourceStatistics: (publicId, level) => reader.call("resourceStatistics", publicId, level),

    unstable: () => reader.call("unstable"),
    markStable: (resource, date, unchangedSince) => writer.call("markStable", resource, date, unchangedSince),

    property: (name) => reader.call("property", name),
    setProperty: (name, value) => writer.call("setProperty", name, value),
    keyValue: (store, key) => reader.call("keyValue", store, key),
    setKeyValue: (store, key, value) => writer.call("setKeyValue", store, key, value),
    deleteKeyValue: (store, key) => writer.call("deleteKeyValue", store, key),
    keyValues: (store, after, limit) => reader.call("keyValues", store, after, limit),
    nextSequence: (name) => writer.call("nextSequence", name),

    async close() {
      await reader.close();
      await writer.close();
      lock?.release();
    },
  };
}
