import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isBlobName } from "./blob-path.ts";
import { errorCode } from "./file-errors.ts";

const folderName = /^[0-9a-f]{2}$/;

async function entries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function changedSince(path: string, since: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs >= since;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function* subfolders(folder: string): AsyncGenerator<string> {
  for (const entry of await entries(folder)) {
    if (entry.isDirectory() && folderName.test(entry.name)) yield join(folder, entry.name);
  }
}

/** Names of the blobs written at `since` (milliseconds since the epoch) or later. Only folders that changed since then are listed. */
export async function* blobsWrittenSince(root: string, since: number): AsyncGenerator<string> {
  for await (const first of subfolders(root)) {
    for await (const second of subfolders(first)) {
      if (!(await changedSince(second, since))) continue;
      for (const entry of await entries(second)) {
        if (entry.isFile() && isBlobName(entry.name) && (await changedSince(join(second, entry.name), since)))
          yield entry.name;
      }
    }
  }
}
