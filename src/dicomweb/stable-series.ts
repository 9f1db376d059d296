import { setTimeout as delay } from "node:timers/promises";
import type { Archive } from "../archive/archive.ts";
import type { Log } from "../util/log.ts";

/** Series that may wait; the first ones are given up, and prepared when somebody asks for them. */
const mostWaiting = 10_000;

export interface StableSeriesOptions {
  readonly log: Log;
  /** Milliseconds without a new instance until it works: what comes in has the processor for itself. Default 5000. */
  readonly quietTime?: number;
}

/**
 * Calls `prepare` for each series that becomes stable, one after the other, while nothing is being stored. It rests as long as it has worked:
 * nobody waits for it.
 */
export function onStableSeries(
  archive: Pick<Archive, "subscribe">,
  prepare: (series: string) => Promise<void>,
  { log, quietTime = 5000 }: StableSeriesOptions,
): { close(): Promise<void> } {
  const waiting = new Set<string>();
  const closing = new AbortController();
  let working: Promise<void> | undefined;
  let lastStored = -Infinity;
  const quiet = async (): Promise<void> => {
    for (;;) {
      const left = lastStored + quietTime - performance.now();
      if (left <= 0 || closing.signal.aborted) return;
      await rest(left, closing.signal);
    }
  };
  const work = async (): Promise<void> => {
    for (const series of waiting) {
      await quiet();
      waiting.delete(series);
      if (closing.signal.aborted) break;
      const start = performance.now();
      await prepare(series).catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn(`the metadata of the series ${series} cannot be prepared`, { error });
      });
      await rest(performance.now() - start, closing.signal);
    }
    working = undefined;
  };
  const unsubscribe = archive.subscribe((event) => {
    if (event.type === "StoredInstance") lastStored = performance.now();
    if (event.type !== "Change" || event.change !== "StableSeries") return;
    const [first] = waiting;
    if (waiting.size === mostWaiting && first !== undefined) waiting.delete(first);
    waiting.add(event.resource.publicId);
    working ??= work();
  });
  return {
    async close() {
      closing.abort();
      unsubscribe();
      waiting.clear();
      await working;
    },
  };
}

/** Resolves after a time, or at once when the signal is aborted. */
async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
