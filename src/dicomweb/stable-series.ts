import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Archive } from "../archive/archive.ts";
import type { Log } from "../util/log.ts";

/** Series that may wait; the first ones are given up, and prepared when somebody asks for them. */
const mostWaiting = 10_000;

/** Milliseconds for which it works before it looks again at what else the process does. */
const burst = 250;
/** Milliseconds of such a look. */
const lookTime = 250;
/** The share of the event loop's time that others may need meanwhile. */
const mostLoad = 0.1;

export interface StableSeriesOptions {
  readonly log: Log;
  /** Milliseconds without a new instance until it works: what comes in has the processor for itself. Default 5000. */
  readonly quietTime?: number;
  /** Watches the process for a while and tells the share of its time that the event loop was busy. Default: it really does. */
  readonly load?: (milliseconds: number, signal: AbortSignal) => Promise<number>;
}

/**
 * Calls `prepare` for each series that becomes stable, one after the other, while nothing is being stored and hardly anything asked. It rests as
 * long as it has worked: nobody waits for it.
 */
export function onStableSeries(
  archive: Pick<Archive, "subscribe">,
  prepare: (series: string) => Promise<void>,
  { log, quietTime = 5000, load = loadOfEventLoop }: StableSeriesOptions,
): { close(): Promise<void> } {
  const waiting = new Set<string>();
  const closing = new AbortController();
  let working: Promise<void> | undefined;
  let lastStored = -Infinity;
  let idleUntil = -Infinity;
  const idle = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const now = performance.now();
      const left = lastStored + quietTime - now;
      if (left > 0) await rest(left, closing.signal);
      else if (now < idleUntil) return;
      else if ((await load(lookTime, closing.signal)) <= mostLoad) idleUntil = performance.now() + burst;
    }
  };
  const work = async (): Promise<void> => {
    for (const series of waiting) {
      await idle();
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

async function loadOfEventLoop(milliseconds: number, signal: AbortSignal): Promise<number> {
  const before = performance.eventLoopUtilization();
  await rest(milliseconds, signal);
  return performance.eventLoopUtilization(before).utilization;
}

/** Resolves after a time, or at once when the signal is aborted. */
async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
