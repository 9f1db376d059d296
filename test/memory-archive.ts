import { createArchive, type ArchiveOptions } from "../src/archive/create-archive.ts";
import type { Archive } from "../src/archive/archive.ts";
import type { Catalog } from "../src/catalog/catalog.ts";
import { openSqliteCatalog } from "../src/catalog/sqlite/open-sqlite-catalog.ts";
import { defaultMainDicomTags } from "../src/dicom/main-dicom-tags.ts";
import { createMemoryStorage } from "../src/storage/memory.ts";
import { noLog } from "../src/util/log.ts";

const defaults: ArchiveOptions = {
  policy: { overwrite: "Never", maximumStorageSize: 0, maximumPatientCount: 0, storageMode: "Recycle" },
  storeDicom: true,
  storageCompression: false,
  storeMD5: true,
  stableAge: 60,
  mainDicomTags: defaultMainDicomTags,
};

export interface MemoryArchive {
  readonly catalog: Catalog;
  readonly storage: ReturnType<typeof createMemoryStorage>;
  readonly archive: Archive;
  close(): Promise<void>;
}

/** A whole archive that lives in memory. */
export async function openMemoryArchive(options: Partial<ArchiveOptions> = {}): Promise<MemoryArchive> {
  const storage = createMemoryStorage();
  const extraMainDicomTags = { Patient: [], Study: [], Series: [], Instance: [] };
  const catalog = await openSqliteCatalog({ file: ":memory:", extraMainDicomTags });
  const archive = await createArchive({
    catalog,
    storage,
    log: noLog,
    options: { ...defaults, ...options },
  });
  return {
    catalog,
    storage,
    archive,
    async close() {
      await archive.close();
      await catalog.close();
    },
  };
}
