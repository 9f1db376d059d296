/** Time and chance, so that tests need no sleeps. */
export interface Clock {
  /** Milliseconds since 1970, as the machine believes. */
  now(): number;
  /** Calls `act` once after so many milliseconds; returns what cancels it. Does not keep the process alive. */
  after(milliseconds: number, act: () => void): () => void;
  /** In [0, 1), for jitter. */
  random(): number;
}

/** `setTimeout` fires at once beyond 2^31-1 ms. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, Math.min(Math.max(milliseconds, 0), longestTimer));
    timer.unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
