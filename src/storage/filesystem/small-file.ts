import fs from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "./file-errors.ts";

/** Creates a new file, and the folders above it, for writing. */
export function createNow(path: string): number {
  try {
    return fs.openSync(path, "wx");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    fs.mkdirSync(dirname(path), { recursive: true });
    return fs.openSync(path, "wx");
  }
}

/** Writes a new file without flushing it; when it throws, no file is left. */
export function writeSmallFile(path: string, data: Uint8Array): void {
  const file = createNow(path);
  try {
    if (fs.writeSync(file, data) !== data.length) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
  } catch (error) {
    fs.unlinkSync(path);
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

/** Flushes a file that was written before. */
export function syncSmallFile(path: string): void {
  const file = fs.openSync(path, "r");
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Removes a file; absent is no error. */
export function removeSmallFile(path: string): void {
  fs.rmSync(path, { force: true });
}
