import type { Clock } from "../clock.ts";

/** A clock that does not wait: `sleep` only moves its time. Its chance is always one half. */
export function fakeClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 1_700_000_000_000;
  return {
    waits,
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      now += milliseconds;
    },
    random: () => 0.5,
  };
}
