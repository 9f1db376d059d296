import { utcDate } from "../util/utc-date.ts";

/** Milliseconds since the epoch as Orthanc writes the times of jobs: `YYYYMMDDTHHMMSS.ffffff`, the fraction left out when zero. */
export function utcDateWithFraction(milliseconds: number): string {
  const fraction = Math.floor(milliseconds) % 1000;
  const seconds = utcDate(milliseconds);
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(3, "0")}000`;
}

/** Now, in UTC: `YYYYMMDDTHHMMSS`. */
export function currentTime(): string {
  return utcDate(Date.now());
}

/** Now, in the time zone of the server. */
export function currentLocalTime(): string {
  const now = new Date();
  return utcDate(now.getTime() - now.getTimezoneOffset() * 60_000);
}
