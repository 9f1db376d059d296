import { spawn } from "node:child_process";
import { once } from "node:events";
import { blobPath } from "./blob-path.ts";
import { syncFile } from "./blob-file.ts";

const parallel = 4;

/** `sync -f`: syncfs(2), which Node.js does not offer, flushes thousands of files at the price of a few. False where it is missing. */
async function syncFilesystem(root: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const child = spawn("sync", ["-f", root], { stdio: "ignore" });
  try {
    const [code] = await once(child, "exit");
    return code === 0;
  } catch {
    return false;
  }
}

/** Puts the files of these blobs on the disk: together where the system can, else one after the other. */
export async function flushBlobs(root: string, uuids: readonly string[]): Promise<void> {
  if (uuids.length === 0) return;
  if (uuids.length > parallel && (await syncFilesystem(root))) return;
  const waiting = [...uuids];
  const work = async () => {
    for (let uuid = waiting.pop(); uuid !== undefined; uuid = waiting.pop()) await syncFile(blobPath(root, uuid));
  };
  await Promise.all(Array.from({ length: parallel }, work));
}
