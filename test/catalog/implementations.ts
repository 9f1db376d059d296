import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { openSqliteCatalog } from "../../src/catalog/sqlite/open-sqlite-catalog.ts";
import type { ExtraTags } from "../../src/catalog/sql-catalog/find/tag-place.ts";

export interface OpenedCatalog {
  readonly catalog: Catalog;
  /** Closes the catalog and opens it again; undefined when nothing would be left. */
  readonly reopen: (() => Promise<Catalog>) | undefined;
  /** Closes what is open and removes its files. */
  dispose(): Promise<void>;
}

/** PatientComments at patient level and BodyPartThickness at instance level, beside the default tags. */
export const extraTags: ExtraTags = { Patient: [0x00104000], Study: [], Series: [], Instance: [0x001811a0] };

async function inFile(): Promise<OpenedCatalog> {
  const folder = await mkdtemp(join(tmpdir(), "greyhaven-catalog-"));
  const open = () => openSqliteCatalog({ file: join(folder, "greyhaven.db"), extraMainDicomTags: extraTags });
  let catalog = await open();
  return {
    catalog,
    reopen: async () => {
      await catalog.close();
      catalog = await open();
      return catalog;
    },
    dispose: async () => {
      await catalog.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function inMemory(): Promise<OpenedCatalog> {
  const catalog = await openSqliteCatalog({ file: ":memory:", extraMainDicomTags: extraTags });
  return { catalog, reopen: undefined, dispose: () => catalog.close() };
}

/** Everything that fulfils the contract of `Catalog`. */
export const implementations: readonly { readonly name: string; readonly open: () => Promise<OpenedCatalog> }[] = [
  { name: "SQLite in a file", open: inFile },
  { name: "SQLite in memory", open: inMemory },
];
