import type { Archive, ArchiveEvent } from "../../src/archive/archive.ts";
import { createArchive, type ArchiveOptions, type ArchiveParts } from "../../src/archive/create-archive.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { openSqliteCatalog } from "../../src/catalog/sqlite/open-sqlite-catalog.ts";
import { mainDicomTags } from "../../src/dicom/main-dicom-tags.ts";
import { createMemoryStorage } from "../../src/storage/memory.ts";
import type { BlobStorage } from "../../src/storage/storage.ts";
import { noLog } from "../../src/util/log.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

/** Orthanc's defaults. */
export const defaultOptions: ArchiveOptions = {
  policy: { overwrite: "Never", maximumStorageSize: 0, maximumPatientCount: 0, storageMode: "Recycle" },
  storeDicom: true,
  storageCompression: false,
  storeMD5: true,
  stableAge: 60,
  mainDicomTags: mainDicomTags(),
};

/** A storage in memory of which one sees what it holds. */
export interface WatchedStorage extends BlobStorage {
  /** UUIDs of its blobs. */
  readonly blobs: ReadonlySet<string>;
  /** How many blobs were written so far. */
  readonly written: () => number;
}

export function createWatchedStorage(): WatchedStorage {
  const storage = createMemoryStorage();
  const blobs = new Set<string>();
  let written = 0;
  return {
    blobs,
    written: () => written,
    async write(uuid, type, data) {
      const result = await storage.write(uuid, type, data);
      blobs.add(uuid);
      written += 1;
      return result;
    },
    read: (blob, range) => storage.read(blob, range),
    async remove(blob) {
      await storage.remove(blob);
      blobs.delete(blob.uuid);
    },
  };
}

export interface TestArchive extends AsyncDisposable {
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly storage: WatchedStorage;
  readonly clock: FakeClock;
  readonly events: readonly ArchiveEvent[];
}

export interface TestArchiveSettings {
  readonly options?: Partial<ArchiveOptions>;
  readonly filters?: NonNullable<ArchiveParts["filters"]>;
  readonly ingestTranscoding?: NonNullable<ArchiveParts["ingestTranscoding"]>;
  /** Takes the place of parts of the catalog. */
  readonly catalog?: (catalog: Catalog) => Partial<Catalog>;
  readonly storage?: WatchedStorage;
}

/** A catalog in memory, as the server has it but for the file. */
export async function openTestCatalog(tags = mainDicomTags()): Promise<Catalog> {
  return openSqliteCatalog({ file: ":memory:", extraMainDicomTags: tags });
}

/** An archive in memory, over the real catalog and a clock that stands still. */
export async function openTestArchive(settings: TestArchiveSettings = {}): Promise<TestArchive> {
  const options = { ...defaultOptions, ...settings.options };
  const plain = await openTestCatalog(options.mainDicomTags);
  const catalog: Catalog = { ...plain, ...settings.catalog?.(plain) };
  const storage = settings.storage ?? createWatchedStorage();
  const clock = createFakeClock();
  const { filters = [], ingestTranscoding } = settings;
  const transcoding = ingestTranscoding === undefined ? {} : { ingestTranscoding };
  const archive = await createArchive({ catalog, storage, log: noLog, options, filters, clock, ...transcoding });
  const events: ArchiveEvent[] = [];
  archive.subscribe((event) => events.push(event));
  return {
    archive,
    catalog,
    storage,
    clock,
    events,
    async [Symbol.asyncDispose]() {
      await archive.close();
      await plain.close();
    },
  };
}
