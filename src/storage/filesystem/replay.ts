import { mkdir, readFile } from "node:fs/promises";
import { createFile, removeFile } from "./blob-file.ts";
import { blobPath } from "./blob-path.ts";
import { errorCode } from "./file-errors.ts";
import { flushBlobs } from "./flush.ts";
import { type NumberedEntry, readEntries } from "./journal-entry.ts";
import { journalFolder, journalPaths } from "./journaled-files.ts";

/** What a run that ended in a crash has left in its journal. */
export interface LeftJournal {
  /** In the order in which they were made. */
  readonly entries: readonly NumberedEntry[];
  /** Files that were written again: as they may have been removed since, they are suspect of having no row. */
  readonly restored: readonly string[];
  /** To be called when all that the entries tell is on the disk. */
  remove(): Promise<void>;
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes the file again when a power cut has damaged or undone it, and says whether that was so. */
async function restore(path: string, content: Uint8Array): Promise<boolean> {
  const found = await contentOf(path);
  if (found?.equals(content) === true) return false;
  if (found !== undefined) await removeFile(path);
  await createFile(path, [content], true);
  return true;
}

/**
 * Takes up the files of a journal that a crash has left, and flushes those that may only be in the system's memory. The folder is made when it
 * is missing.
 */
export async function replayJournal(root: string): Promise<LeftJournal> {
  await mkdir(journalFolder(root), { recursive: true });
  const entries: NumberedEntry[] = [];
  for (const path of journalPaths(root)) entries.push(...readEntries((await contentOf(path)) ?? Buffer.alloc(0)));
  entries.sort((first, second) => first.number - second.number);
  const restored: string[] = [];
  const unharmed: string[] = [];
  for (const { uuid, file } of entries) {
    if (file.length === 0) continue;
    const isRestored = await restore(blobPath(root, uuid), file);
    (isRestored ? restored : unharmed).push(uuid);
  }
  await flushBlobs(root, unharmed);
  return {
    entries,
    restored,
    async remove() {
      for (const path of journalPaths(root)) await removeFile(path);
    },
  };
}
