import type { BlobReference, BlobStorage } from "../storage/storage.ts";
import type { Log } from "../util/log.ts";

/** Blobs that are removed at the same time. */
const concurrency = 8;

/** Removes blobs that have no row. A failure is logged only: what is left of it is an orphan, which harms nobody. */
export interface BlobRemoval {
  remove(blobs: readonly BlobReference[]): Promise<void>;
  /** Removes in the background. */
  later(blobs: readonly BlobReference[]): void;
  /** Waits for what is removed in the background. */
  idle(): Promise<void>;
}

export function createBlobRemoval(storage: Pick<BlobStorage, "remove">, log: Log): BlobRemoval {
  const pending = new Set<Promise<void>>();
  const removeOne = async (blob: BlobReference): Promise<void> => {
    try {
      await storage.remove(blob);
    } catch (error) {
      log.error(`cannot remove the blob ${blob.uuid}, which is in use no more`, { error });
    }
  };
  const remove = async (blobs: readonly BlobReference[]): Promise<void> => {
    const rest = blobs.values();
    const removeRest = async (): Promise<void> => {
      for (const blob of rest) await removeOne(blob);
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, blobs.length) }, removeRest));
  };
  return {
    remove,
    later(blobs) {
      if (blobs.length === 0) return;
      const work = remove(blobs).finally(() => pending.delete(work));
      pending.add(work);
    },
    async idle() {
      await Promise.all(pending);
    },
  };
}
