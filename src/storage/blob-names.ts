import { randomUUID } from "node:crypto";

/** Files per folder before the next folder is drawn. */
const runLength = 256;

/**
 * A source of UUIDs (version 4, lower case) for blobs. The first four hexadecimal digits, which are a blob's folder, stay the
 * same for a run of names: on a fresh disk one name in 256 makes folders instead of nearly each one, and an index on the names grows
 * at one end at a time. The other 106 random bits still make them unique.
 */
export function createBlobNames(): () => string {
  let folder = "";
  let left = 0;
  return () => {
    const uuid = randomUUID();
    if (left === 0) {
      folder = uuid.slice(0, 4);
      left = runLength;
    }
    left -= 1;
    return folder + uuid.slice(4);
  };
}
