import type { IncomingHttpHeaders } from "node:http";
import type { Method } from "./route.ts";

/** They change nothing (RFC 9110 §9.2.1, RFC 4918 §9.1). */
const readingMethods: ReadonlySet<Method> = new Set(["GET", "HEAD", "OPTIONS", "PROPFIND"]);

/**
 * Whether a request is a page of another origin making a browser change something here (cross-site request forgery), as a
 * form or an image can without any CORS. Browsers say where such a request comes from in `Origin`, `Sec-Fetch-Site` or
 * `Referer`; other clients send none of them and are never refused.
 */
export function isForgery(method: Method, headers: IncomingHttpHeaders): boolean {
  if (readingMethods.has(method)) return false;
  const source = headers.origin ?? headers.referer;
  if (source !== undefined) return !namesThisServer(source, headers);
  const site = headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/** Behind a proxy the browser's host is in `X-Forwarded-Host` or `Forwarded`, which no page can set. */
function namesThisServer(source: string, headers: IncomingHttpHeaders): boolean {
  const origin = URL.parse(source);
  if (origin === null || origin.host === "") return false;
  return [headers.host, headers["x-forwarded-host"], headers.forwarded]
    .flatMap(hosts)
    .some((host) => isSameHost(origin, host));
}

function hosts(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  const named = [...text.matchAll(/\bhost="?([^",;\s]+)/gi)].map((match) => match[1] ?? "");
  return named.length > 0 ? named : text.split(",").map((host) => host.trim());
}

/** Many proxies forward the host without its port: then the name alone must do. */
function isSameHost(origin: URL, host: string): boolean {
  const here = URL.parse(`${origin.protocol}//${host}`);
  if (here === null || here.hostname !== origin.hostname) return false;
  return here.port === origin.port || !/:[0-9]+$/.test(host);
}
