import type { Clock } from "../clock.ts";

/** A clock that stands still until `advance`. Its chance is always in the middle. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly act: () => void }>();

  constructor(start = "2026-11-22T12:00:00Z") {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  after(milliseconds: number, act: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, milliseconds), act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets `seconds` pass, firing the timers in their order and letting promises settle after each. */
  async advance(seconds: number): Promise<void> {
    const end = this.#now + seconds * 1000;
    for (;;) {
      await settled();
      const [next] = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) {
        break;
      }
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.act();
    }
    this.#now = end;
  }

  /** The machine's clock is set, without any time passing. */
  set(milliseconds: number): void {
    this.#now = milliseconds;
  }
}

/** All promises that can settle without time passing have done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
