import type { Catalog } from "../catalog.ts";
import { foundResources } from "../sql-catalog/find/find.ts";
import type { ExtraTags } from "../sql-catalog/find/tag-place.ts";
import { type Executors, inMemory, inThreads, type ThreadOptions } from "./executors.ts";
import { isForOneInstance } from "./near-reader.ts";
import type { LeftEntry } from "./store-journal.ts";
import type { Storing } from "./storing.ts";

export interface SqliteCatalogOptions {
  /** Path of the database, or `:memory:`. Its folder must exist. */
  readonly file: string;
  /** Tags beyond the default main DICOM tags that instances are stored with. */
  readonly extraMainDicomTags: ExtraTags;
}

/**
 * Opens a catalog, making it when it is missing. A file has a thread that writes, with group commit, and one that reads; neither
 * flushing nor a long query holds up the event loop, and reading never waits for writing. Throws `IncompatibleDatabaseVersion` for
 * the file of a newer program, `SQLiteCannotOpen`, and `DatabaseUnavailable` while another server has it open.
 */
export async function openSqliteCatalog({ file, extraMainDicomTags }: SqliteCatalogOptions): Promise<Catalog> {
  const writer = new URL("writer-worker.ts", import.meta.url);
  return catalogOf(
    file === ":memory:" ? inMemory() : inThreads({ file, writer, notice: () => {} }),
    extraMainDicomTags,
  );
}

/** A catalog that leaves it to a journal to make stored instances durable, at the price of one flush for file and rows. */
export interface JournaledCatalog {
  readonly catalog: Catalog;
  /** As `Catalog.storeInstance`, with a file that is not in the storage yet: both are stored, or nothing is. */
  readonly storeWithFile: Storing;
  /** Stores again what a crash has left in the journal only. Answers the names of blobs that lose their rows by that. */
  redo(entries: readonly LeftEntry[]): Promise<readonly string[]>;
  /** Opens an empty journal with these settings of the thread's; until then every store is flushed. */
  openJournal(settings: unknown): Promise<void>;
}

/** As `openSqliteCatalog`, for a file. */
export async function openJournaledCatalog(options: SqliteCatalogOptions & ThreadOptions): Promise<JournaledCatalog> {
  const executors = inThreads(options);
  return {
    catalog: catalogOf(executors, options.extraMainDicomTags),
    storeWithFile: executors.store,
    redo: (entries) => executors.writer.call("redo", entries),
    openJournal: (settings) => executors.writer.call("openJournal", settings),
  };
}

function catalogOf({ reader, nearReader, writer, store, close }: Executors, extra: ExtraTags): Catalog {
  return {
    storeInstance: (instance, policy) => store(instance, policy),
    remove: (publicId, level) => writer.call("remove", publicId, level),
    reconstruct: (resources) => writer.call("reconstruct", resources),

    find: async (request) => {
      const rows = await (isForOneInstance(request) ? nearReader : reader).call("find", request, extra);
      return foundResources(request, rows);
    },
    count: (request) => reader.call("count", request, extra),
    levelOf: (publicId) => writer.call("levelOf", publicId),
    lookup: (value) => reader.call("lookup", value),

    metadata: (publicId, level) => reader.call("metadata", publicId, level),
    setMetadata: (publicId, metadata, value, expected) =>
      writer.call("setMetadata", publicId, { metadata, value }, expected),
    deleteMetadata: (publicId, metadata, expected) => writer.call("deleteMetadata", publicId, metadata, expected),

    attachments: (publicId, level) => nearReader.call("attachments", publicId, level),
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

    unstable: () => writer.call("unstable"),
    markUnstable: (resource) => writer.call("markUnstable", resource),
    markStable: (resource, date, unchangedSince) => writer.call("markStable", resource, date, unchangedSince),

    property: (name) => writer.call("property", name),
    setProperty: (name, value) => writer.call("setProperty", name, value),
    keyValue: (store, key) => reader.call("keyValue", store, key),
    setKeyValue: (store, key, value) => writer.call("setKeyValue", store, key, value),
    deleteKeyValue: (store, key) => writer.call("deleteKeyValue", store, key),
    keyValues: (store, after, limit) => reader.call("keyValues", store, after, limit),
    nextSequence: (name) => writer.call("nextSequence", name),

    close,
  };
}
