import { ServerError } from "../util/errors.ts";

/** The request target of HTTP/1.1, taken apart. */
export interface RequestTarget {
  /** As sent, percent-encoded. */
  readonly path: string;
  /** After the `?`, as sent. */
  readonly query: string;
}

/** Splits `/path?query`, or an absolute URL as sent to proxies (RFC 9112 §3.2.2). */
export function parseTarget(target: string): RequestTarget {
  const start = target.startsWith("/") ? 0 : endOfAuthority(target);
  const question = target.indexOf("?", start);
  const path = target.slice(start, question < 0 ? undefined : question);
  return { path: path === "" ? "/" : path, query: question < 0 ? "" : target.slice(question + 1) };
}

function endOfAuthority(target: string): number {
  const authority = /^https?:\/\/[^/?]*/i.exec(target);
  return authority === null ? 0 : authority[0].length;
}

/**
 * The path that routes are looked up with: doubled slashes are one, a slash at the end does not count. UriSyntax for
 * components `.` and `..`, in any encoding, and for percent signs that encode no UTF-8.
 */
export function routingPath(path: string): string {
  if (path.includes("%") || path.includes("/.")) checkPath(path);
  let routing = path.includes("//") ? path.replaceAll(/\/{2,}/g, "/") : path;
  if (routing.length > 1 && routing.endsWith("/")) routing = routing.slice(0, -1);
  return routing;
}

function checkPath(path: string): void {
  let decoded;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw new ServerError("UriSyntax", "A percent sign in the path must begin an encoded byte of UTF-8");
  }
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(decoded)) {
    throw new ServerError("UriSyntax", "The path must not have the components . and ..");
  }
}
