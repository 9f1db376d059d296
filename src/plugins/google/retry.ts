const firstDelay = 1000;
const longestDelay = 60_000;
/** A server's wish is honoured up to here, so that a mistaken date cannot silence an account for days. */
const longestRetryAfter = 3_600_000;

/**
 * Milliseconds before the next attempt after `failures` in a row: truncated exponential, at least half of it random,
 * never sooner than the server asked. `random` in [0, 1).
 */
export function retryDelay(failures: number, random: number, retryAfter = 0): number {
  const exponential = Math.min(longestDelay, firstDelay * 2 ** (failures - 1));
  return Math.max(exponential * (0.5 + random / 2), Math.min(retryAfter, longestRetryAfter));
}

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, in milliseconds from `now`, the server's time; undefined when neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) {
    return undefined;
  }
  if (/^\s*\d{1,9}\s*$/.test(header)) {
    return Number(header) * 1000;
  }
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
