import { setTimeout } from "node:timers/promises";

/** Yields every `interval` milliseconds until `work` has ended, well or not. */
export async function* ticks(work: Promise<unknown>, interval: number): AsyncGenerator<void, void, void> {
  const ended = Promise.allSettled([work]);
  for (;;) {
    const timer = new AbortController();
    const tick = setTimeout(interval, "tick" as const, { signal: timer.signal });
    const first = await Promise.race([ended, tick]);
    if (first !== "tick") {
      timer.abort();
      await Promise.allSettled([tick]);
      return;
    }
    yield;
  }
}
