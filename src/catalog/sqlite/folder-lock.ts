import { DatabaseSync } from "node:sqlite";
import { ServerError } from "../../util/errors.ts";

/** Held as long as the catalog is open. */
export interface FolderLock {
  release(): void;
}

/**
 * Keeps a second server off the catalog at `file`: two would take each other's uploads for the orphans of a crash. The lock is that of an open
 * transaction on an empty database beside it, so the system lets go of it however the process ends. Throws `DatabaseUnavailable` and `SQLiteCannotOpen`.
 */
export function lockCatalog(file: string): FolderLock {
  const path = `${file}-lock`;
  const database = openLock(path);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new ServerError("DatabaseUnavailable", `${path} is locked: another server uses this IndexDirectory`, {
      cause,
    });
  }
  return { release: () => database.close() };
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (cause) {
    throw new ServerError("SQLiteCannotOpen", `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
