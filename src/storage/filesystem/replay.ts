import { readFile } from "node:fs/promises";
import { blobPath } from "./blob-path.ts";
import { createFile, removeFile } from "./blob-file.ts";
import { errorCode } from "./file-errors.ts";
import { readRecords } from "./journal-record.ts";

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

export interface Replay {
  /** Blobs that had to be written again. They may have been removed since, so they are suspect of having no row. */
  readonly restored: readonly string[];
  /** The highest generation found. */
  readonly generation: number;
}

/** Writes the blobs of a journal again whose files a power cut has damaged or undone. */
export async function replayJournal(root: string, paths: readonly string[]): Promise<Replay> {
  const restored: string[] = [];
  let generation = 0;
  for (const journalPath of paths) {
    const journal = (await contentOf(journalPath)) ?? Buffer.alloc(0);
    for (const record of readRecords(journal)) {
      generation = Math.max(generation, record.generation);
      const path = blobPath(root, record.uuid);
      const found = await contentOf(path);
      if (found?.equals(record.data) === true) continue;
      if (found !== undefined) await removeFile(path);
      await createFile(path, [record.data], true);
      restored.push(record.uuid);
    }
  }
  return { restored, generation };
}
