import { join } from "node:path";
import { blobPath } from "./blob-path.ts";
import { writeError } from "./file-errors.ts";
import { flushBlobs } from "./flush.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { Journal } from "./journal.ts";
import { removeSmallFile, syncSmallFile, writeSmallFile } from "./small-file.ts";

export interface JournaledFilesOptions {
  /** `StorageDirectory` */
  readonly root: string;
  /** `SyncStorageArea` */
  readonly sync: boolean;
  /** Bytes per file of the journal. */
  readonly capacity: number;
  /** The number of the first entry. */
  readonly next: number;
}

export interface Durability {
  /** Puts what the records of all entries so far tell on the disk. */
  readonly flushRecords: () => void;
  /** Told once when files or records could not be flushed: the entries stay for the next start. */
  readonly failed: (error: unknown) => void;
}

/** An entry of the journal. */
export interface JournaledFile extends JournalEntry {
  /** Whether the file is in its place but may not be on the disk. */
  readonly isUnflushed?: boolean;
}

/** Writes files together with a record of what they are. All calls but `close` are synchronous: it lives in a thread of its own. */
export interface JournaledFiles {
  /** The number of the last entry. */
  readonly last: number;
  /**
   * Writes the files, or flushes those that are there, and makes them durable with their records: true. False when the journal has no room at the moment: then the files are durable, and
   * the records are left to the caller. When it throws, no file is left that was written.
   */
  store(entries: readonly JournaledFile[]): boolean;
  close(): Promise<void>;
}

/** The folder of the journal. */
export function journalFolder(root: string): string {
  return join(root, "journal");
}

/** Its two files. */
export function journalPaths(root: string): readonly [string, string] {
  const folder = journalFolder(root);
  return [join(folder, "0"), join(folder, "1")];
}

/** Makes an empty journal in a folder that exists. */
export function createJournaledFiles(options: JournaledFilesOptions, durability: Durability): JournaledFiles {
  const { root } = options;
  const journal = new Journal({
    ...options,
    paths: journalPaths(root),
    makeDurable: async (uuids) => {
      await flushBlobs(root, uuids);
      durability.flushRecords();
    },
    failed: durability.failed,
  });
  const flush = (path: string): void => {
    if (options.sync) syncSmallFile(path);
  };
  return {
    get last() {
      return journal.last;
    },
    store(entries) {
      const written: string[] = [];
      try {
        for (const { uuid, file, isUnflushed } of entries) {
          if (isUnflushed === true) flush(blobPath(root, uuid));
          if (file.length === 0) continue;
          const path = blobPath(root, uuid);
          writeNew(path, file);
          written.push(path);
        }
        if (journal.append(entries)) return true;
        for (const path of written) flush(path);
        return false;
      } catch (error) {
        for (const path of written) removeSmallFile(path);
        throw error;
      }
    },
    close: () => journal.close(),
  };
}

function writeNew(path: string, data: Uint8Array): void {
  try {
    writeSmallFile(path, data);
  } catch (error) {
    throw writeError(error, path);
  }
}
