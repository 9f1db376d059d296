import type { IncomingHttpHeaders } from "node:http";
import { splitOutsideQuotes, parseMediaType } from "./media-type.ts";

/** Where a reverse proxy says that the client believes to be. */
export interface Origin {
  readonly scheme: "http" | "https";
  /** With the port, where it is not the scheme's own. */
  readonly host: string;
}

/** The origin in `X-Forwarded-Host` and `X-Forwarded-Proto`, which count only together, else in the first element of `Forwarded` (RFC 7239). */
export function forwardedOrigin(headers: IncomingHttpHeaders): Origin | undefined {
  const host = first(headers["x-forwarded-host"]);
  const scheme = schemeOf(first(headers["x-forwarded-proto"]));
  if (host !== undefined && scheme !== undefined && isHost(host)) return { scheme, host };
  return forwardedElement(headers.forwarded);
}

/**
 * The path under which a reverse proxy shows the root of this server, from `X-Forwarded-Prefix`: like `/greyhaven`, empty
 * for the root and for anything that is not a plain path.
 */
export function forwardedPrefix(headers: IncomingHttpHeaders): string {
  const prefix = first(headers["x-forwarded-prefix"])?.replace(/\/+$/, "") ?? "";
  return /^(?:\/[a-z0-9._~-]+)+$/i.test(prefix) ? prefix : "";
}

function forwardedElement(header: string | undefined): Origin | undefined {
  const [element] = splitOutsideQuotes(header ?? "", ",");
  // The pairs have the syntax of media type parameters.
  const { host, proto } = parseMediaType(`;${element ?? ""}`).parameters;
  const scheme = schemeOf(proto);
  return host !== undefined && isHost(host) && scheme !== undefined ? { scheme, host } : undefined;
}

/** A proxy behind a proxy appends: the first one is the client's. */
function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(",")[0]?.trim();
}

function schemeOf(text: string | undefined): "http" | "https" | undefined {
  const scheme = text?.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}

/** A host name or address with an optional port, and nothing that could break out of a URL or a page. */
export function isHost(text: string): boolean {
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i.test(text);
}
