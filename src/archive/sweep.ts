import type { Catalog } from "../catalog/catalog.ts";
import type { BlobStorage } from "../storage/storage.ts";
import type { Log } from "../util/log.ts";
import { dicomAttachment } from "./metadata-numbers.ts";

/** What a storage has that can tell which blobs may be the orphans of a crash. */
export interface SuspectStorage {
  /** Blobs written at `since` (milliseconds since the epoch) or later. */
  suspects(since: number): AsyncIterable<string>;
}

export interface SweepParts {
  readonly catalog: Pick<Catalog, "knownBlobs">;
  readonly storage: Pick<BlobStorage, "remove">;
  /** Whether the blob is being written just now, so that it has no row yet. */
  readonly isUnderWay: (uuid: string) => boolean;
  readonly log: Log;
  /** Breaks the sweep off. */
  readonly signal: AbortSignal;
}

/** Blobs that the catalog is asked about in one go. */
const batchSize = 500;

/**
 * Removes those of the suspects that have no row: blobs that a crash left behind. New instances may come in meanwhile. Returns
 * how many were removed.
 */
export async function sweepOrphans(parts: SweepParts, suspects: AsyncIterable<string>): Promise<number> {
  const { catalog, storage, isUnderWay, log, signal } = parts;
  let removed = 0;
  const sweep = async (batch: readonly string[]): Promise<void> => {
    // In this order: what is not under way now, and exists, has its row before the catalog is asked or never gets one.
    const settled = batch.filter((uuid) => !isUnderWay(uuid));
    const known = await catalog.knownBlobs(settled);
    for (const uuid of settled) {
      if (known.has(uuid)) continue;
      await storage.remove({ uuid, type: dicomAttachment });
      removed += 1;
    }
  };
  let batch: string[] = [];
  for await (const uuid of suspects) {
    if (signal.aborted) break;
    batch.push(uuid);
    if (batch.length < batchSize) continue;
    await sweep(batch);
    batch = [];
  }
  if (!signal.aborted) await sweep(batch);
  if (removed > 0) log.warn(`the last run ended in a crash: ${removed} files without an instance were removed`);
  return removed;
}
