import type { IncomingHttpHeaders } from "node:http";

/** What tells whether a client's copy is still good. */
export interface Validators {
  /** Quoted; undefined: none is sent. */
  readonly etag: string | undefined;
  readonly lastModified: Date;
}

/** Whether a conditional GET is answered by 304 (RFC 9110 §13.2.2): `If-None-Match`, or without it `If-Modified-Since`. */
export function isNotModified(headers: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined) return noneMatch.trim() === "*" || (etag !== undefined && listed(noneMatch, etag));
  const since = Date.parse(headers["if-modified-since"] ?? "");
  return !Number.isNaN(since) && wholeSeconds(lastModified) <= since;
}

/** Whether `If-Range` still allows a part to be sent (RFC 9110 §13.1.5); without it, it does. */
export function rangeApplies(headers: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const condition = headers["if-range"]?.toString().trim();
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === etag;
  return Date.parse(condition) === wholeSeconds(lastModified);
}

/** The weak comparison of RFC 9110 §8.8.3.2. */
function listed(header: string, etag: string): boolean {
  return header.split(",").some((entry) => entry.trim().replace(/^W\//, "") === etag);
}

/** HTTP dates know no milliseconds. */
function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
