import { createBufferCount } from "../util/buffer-count.ts";

/** Bytes that all uploads together may hold in memory. */
export interface MemoryBudget {
  /** Takes `bytes`; false, and nothing is taken, when they are not there. */
  take(bytes: number): boolean;
  /** `reused`: bytes among them that are not left to the collector. */
  give(bytes: number, reused?: number): void;
}

/** A budget of `limit` bytes. Nobody ever waits for it: who gets none goes to the disk. */
export function createMemoryBudget(limit: number): MemoryBudget {
  let taken = 0;
  const count = createBufferCount();
  return {
    take(bytes) {
      if (taken + bytes > limit) return false;
      taken += bytes;
      return true;
    },
    give(bytes, reused = 0) {
      taken -= bytes;
      count(bytes - reused);
    },
  };
}
