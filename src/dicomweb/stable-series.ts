import { setTimeout as delay } from "node:timers/promises";
import type { Archive } from "../archive/archive.ts";
import type { Log } from "../util/log.ts";

/**
 * Calls `prepare` for each series that becomes stable, one after the other. It rests as long as it has worked: nobody waits for it, and
 * others may be waiting for the processor.
 */
export function onStableSeries(
  archive: Pick<Archive, "subscribe">,
  prepare: (series: string) => Promise<void>,
  log: Log,
): { close(): Promise<void> } {
  const waiting = new Set<string>();
  const closing = new AbortController();
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    for (const series of waiting) {
      waiting.delete(series);
      const start = performance.now();
      await prepare(series).catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn(`the metadata of the series ${series} cannot be prepared`, { error });
      });
      await rest(performance.now() - start, closing.signal);
    }
    working = undefined;
  };
  const unsubscribe = archive.subscribe((event) => {
    if (event.type !== "Change" || event.change !== "StableSeries") return;
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
