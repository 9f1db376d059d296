import { readFile } from "node:fs/promises";
import { blobPath } from "./blob-path.ts";
import { createFile, removeFile } from "./blob-file.ts";
import { errorCode } from "./file-errors.ts";
import { flushBlobs } from "./flush.ts";
import { readRecords } from "./journal-record.ts";

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Takes up the journal of a run that ended in a crash, and removes it: writes the blobs again whose files a power cut has damaged or
 * undone, and flushes the others, which may only be in the system's memory. Returns the names of those that were written again: as they may
 * have been removed since, they are suspect of having no row.
 */
export async function replayJournal(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const restored: string[] = [];
  const unharmed: string[] = [];
  for (const journalPath of paths) {
    for (const { uuid, data } of readRecords((await contentOf(journalPath)) ?? Buffer.alloc(0))) {
      const path = blobPath(root, uuid);
      const found = await contentOf(path);
      if (found?.equals(data) === true) unharmed.push(uuid);
      else {
        if (found !== undefined) await removeFile(path);
        await createFile(path, [data], true);
        restored.push(uuid);
      }
    }
  }
  await flushBlobs(root, unharmed);
  for (const journalPath of paths) await removeFile(journalPath);
  return restored;
}
