import fs from "node:fs";
import { promisify } from "node:util";

const readLater = promisify(fs.read);

/** Milliseconds: what is in the page cache is there sooner, a megabyte as well. */
const longestOfCache = 2;
/** For how long, in milliseconds, reading is expected to wait for the disk when it did so once. */
const cautious = 1000;

let cautiousUntil = 0;

/**
 * Reads into `into` from `position` on and gives the number of bytes, 0 at the end. Mostly the page cache has them: then it costs less than a trip to
 * the thread pool to read them on the event loop. Nothing tells beforehand, but when one read took the time of a disk, those of the next second wait in
 * the thread pool.
 */
export async function readPiece(file: number, into: Uint8Array, position: number): Promise<number> {
  const start = performance.now();
  if (start < cautiousUntil) return (await readLater(file, into, 0, into.length, position)).bytesRead;
  const size = fs.readSync(file, into, 0, into.length, position);
  const end = performance.now();
  if (end - start > longestOfCache) cautiousUntil = end + cautious;
  return size;
}
