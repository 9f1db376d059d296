import type { BlobData } from "./storage.ts";

/** True when all bytes are in memory. */
export function isBufferList(data: BlobData): data is readonly Uint8Array[] {
  return Array.isArray(data);
}
