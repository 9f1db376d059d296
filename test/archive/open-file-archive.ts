import { join } from "node:path";
import type { Archive } from "../../src/archive/archive.ts";
import { createArchive } from "../../src/archive/create-archive.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { mainDicomTags } from "../../src/dicom/main-dicom-tags.ts";
import { openStore } from "../../src/server/open-store.ts";
import type { BlobStorage } from "../../src/storage/storage.ts";
import { noLog } from "../../src/util/log.ts";
import { defaultOptions } from "./test-archive.ts";

export interface FileArchive extends AsyncDisposable {
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly storage: BlobStorage;
}

/** An archive in a folder, as the server has it: blobs in files, flushed, and the catalog in a database. */
export async function openFileArchive(folder: string): Promise<FileArchive> {
  const { catalog, storage, joint } = await openStore({
    catalogFile: join(folder, "catalog.db"),
    extraMainDicomTags: mainDicomTags(),
    storageFolder: folder,
    sync: true,
    log: noLog,
  });
  const archive = await createArchive({ catalog, storage, joint, log: noLog, options: defaultOptions });
  return {
    archive,
    catalog,
    storage,
    async [Symbol.asyncDispose]() {
      await archive.close();
      await catalog.close();
    },
  };
}
