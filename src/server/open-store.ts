import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { JointStore } from "../archive/joint-store.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { openJournaledCatalog, type SqliteCatalogOptions } from "../catalog/sqlite/open-sqlite-catalog.ts";
import { replayJournal } from "../storage/filesystem/replay.ts";
import { createFilesystemStorage, type SweepableStorage } from "../storage/filesystem.ts";
import type { Log } from "../util/log.ts";
import { claimStorage } from "./claim-storage.ts";
import type { JournalSettings } from "./writer-worker.ts";

export interface StoreOptions {
  /** In `IndexDirectory`. */
  readonly catalogFile: string;
  readonly extraMainDicomTags: SqliteCatalogOptions["extraMainDicomTags"];
  /** `StorageDirectory` */
  readonly storageFolder: string;
  /** `SyncStorageArea` */
  readonly sync: boolean;
  readonly log: Log;
  /** Bytes per file of the journal. Default 32 MiB. */
  readonly journalCapacity?: number;
}

/** The catalog and the storage of a server: one thread writes both, and closing the catalog ends it. */
export interface Store {
  readonly catalog: Catalog;
  /** What tells this catalog from others, made at its first start. */
  readonly identifier: string;
  readonly storage: SweepableStorage;
  readonly joint: JointStore;
}

const defaultJournalCapacity = 32 << 20;
/** Larger files, in bytes, are cheaper to flush by themselves than to be written twice. */
const largestJointFile = 64 << 10;

/** Opens both. What a crash of the last run has left in the journal is stored first. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { catalogFile: file, extraMainDicomTags, storageFolder, sync, log } = options;
  await mkdir(dirname(file), { recursive: true });
  const journaled = await openJournaledCatalog({
    file,
    extraMainDicomTags,
    writer: new URL("writer-worker.ts", import.meta.url),
    notice: (text) => log.error(text),
  });
  const { catalog, storeWithFile } = journaled;
  try {
    const identifier = await identifierOf(catalog);
    await claimStorage(storageFolder, identifier);
    const root = resolve(storageFolder);
    const suspects: string[] = [];
    const storage = await createFilesystemStorage({ root, sync, suspects });
    const left = await replayJournal(root);
    const entries = left.entries.map(({ number, record }) => ({ number, record: record.toString() }));
    suspects.push(...left.restored, ...(await journaled.redo(entries)));
    await left.remove();
    if (left.restored.length > 0) log.warn(`the journal brought back ${left.restored.length} files after a crash`);
    const settings: JournalSettings = { root, sync, capacity: options.journalCapacity ?? defaultJournalCapacity };
    await journaled.openJournal(settings);
    const joint: JointStore = {
      largestFile: largestJointFile,
      store: storeWithFile,
      write: (uuid, type, data) => storage.writeUnflushed(uuid, type, data),
    };
    return { catalog, identifier, storage, joint };
  } catch (error) {
    await catalog.close();
    throw error;
  }
}

const identifierProperty = "server-identifier";

async function identifierOf(catalog: Catalog): Promise<string> {
  const known = await catalog.property(identifierProperty);
  if (known !== undefined) return known;
  const identifier = randomUUID();
  await catalog.setProperty(identifierProperty, identifier);
  return identifier;
}
