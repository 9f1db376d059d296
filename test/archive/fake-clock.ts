import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/archive/clock.ts";

/** A clock that stands still until it is turned. */
export interface FakeClock extends Clock {
  /** Timers that wait. */
  readonly timers: () => number;
  /** Lets time pass, calls what is due in its order, and lets what that began go on. */
  pass(milliseconds: number): Promise<void>;
}

/** Begins on 2026-11-23 at noon, UTC. */
export function createFakeClock(): FakeClock {
  let now = Date.UTC(2026, 10, 23, 12);
  let waiting: { readonly due: number; readonly act: () => void }[] = [];
  return {
    now: () => now,
    timers: () => waiting.length,
    after(milliseconds, act) {
      const timer = { due: now + milliseconds, act };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = waiting.filter(({ due }) => due <= end).toSorted((first, second) => first.due - second.due);
        if (next === undefined) break;
        now = Math.max(now, next.due);
        waiting = waiting.filter((timer) => timer !== next);
        next.act();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** Everything that is in memory is done after some turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
}
