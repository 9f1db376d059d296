import type { BlobData } from "./storage.ts";

/** True when all bytes are in memory. */
export function isBufferList(data: BlobData): data is readonly Uint8Array[] {
  return Array.isArray(data);
}

/** Number of bytes of a list of buffers. */
export function totalLength(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}
