import type { Catalog } from "../catalog/catalog.ts";
import type { BlobStorage } from "../storage/storage.ts";
import type { Log } from "../util/log.ts";
import type { Clock } from "./clock.ts";
import { beginRun, endRun, noteSwept } from "./run-record.ts";
import { sweepOrphans, type SuspectStorage } from "./sweep.ts";

export interface RecoveryParts {
  readonly catalog: Pick<Catalog, "property" | "setProperty" | "knownBlobs">;
  readonly storage: BlobStorage & Partial<SuspectStorage>;
  readonly clock: Clock;
  readonly log: Log;
  readonly isUnderWay: (uuid: string) => boolean;
}

/** The watch over one run's beginning and end. */
export interface Recovery {
  /** Ends the run. A sweep that is not done is broken off and done by the next run. */
  close(): Promise<void>;
}

/** Begins a run. After a crash, orphans are swept in the background. */
export async function recover(parts: RecoveryParts): Promise<Recovery> {
  const { catalog, storage, clock, log, isUnderWay } = parts;
  const startedAt = clock.now();
  const crashedSince = await beginRun(catalog, startedAt);
  const stop = new AbortController();

  const sweep = async (suspects: AsyncIterable<string>): Promise<boolean> => {
    try {
      await sweepOrphans({ catalog, storage, isUnderWay, log, signal: stop.signal }, suspects);
      if (stop.signal.aborted) return false;
      await noteSwept(catalog, startedAt);
      return true;
    } catch (error) {
      log.error("files that a crash left without an instance cannot be swept; the next start will try again", {
        error,
      });
      return false;
    }
  };
  const suspects = crashedSince === undefined ? undefined : storage.suspects?.(crashedSince);
  const swept = suspects === undefined ? Promise.resolve(true) : sweep(suspects);

  return {
    async close() {
      stop.abort();
      if (await swept) await endRun(catalog);
    },
  };
}
