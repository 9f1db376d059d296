/** What Prometheus is told, by Orthanc's names. */
export interface Metrics {
  /** Something took so many milliseconds. Of each name the longest of the last seconds is told, so that slow ones are seen whenever one looks. */
  duration(name: string, milliseconds: number): void;
  /** Adds to a sum, which is 0 at first. */
  add(name: string, amount: number): void;
  /** A value that is asked for when it is told. */
  gauge(name: string, read: () => number): void;
  /** Everything there is to tell; durations of what did not happen of late are left out. */
  values(): Readonly<Record<string, number>>;
}

/** Milliseconds for which the longest duration stands, as in Orthanc. */
const period = 10_000;

interface Longest {
  readonly duration: number;
  readonly at: number;
}

export function createMetrics(now: () => number = Date.now): Metrics {
  const longest = new Map<string, Longest>();
  const sums = new Map<string, number>();
  const gauges = new Map<string, () => number>();
  return {
    duration(name, duration) {
      const before = longest.get(name);
      const at = now();
      if (before === undefined || at - before.at > period || duration >= before.duration) {
        longest.set(name, { duration, at });
      }
    },
    add: (name, amount) => void sums.set(name, (sums.get(name) ?? 0) + amount),
    gauge: (name, read) => void gauges.set(name, read),
    values() {
      const recent = [...longest].filter(([, { at }]) => now() - at <= period);
      return {
        ...Object.fromEntries(recent.map(([name, { duration }]) => [name, Math.round(duration)])),
        ...Object.fromEntries(sums),
        ...Object.fromEntries([...gauges].map(([name, read]) => [name, read()])),
      };
    },
  };
}
