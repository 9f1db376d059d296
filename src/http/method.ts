import type { IncomingHttpHeaders } from "node:http";
import type { Method } from "./route.ts";

/** In the order in which `Allow` lists them. */
export const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE"];

/** Verbs of HTTP and WebDAV that Orthanc knows but no route has: 404 instead of 400. */
const knownVerbs = new Set(["HEAD", "OPTIONS", "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "MKCOL"]);

/**
 * The method a request asks for: its verb, unless `X-HTTP-Method-Override` or, for GET, the argument `_method` says PUT or
 * DELETE. A number is the status of the refusal.
 */
export function requestedMethod(verb: string, headers: IncomingHttpHeaders, query: string): Method | 400 | 404 {
  const override = headers["x-http-method-override"] ?? (verb === "GET" ? methodArgument(query) : undefined);
  if (override !== undefined) {
    const wanted = String(override).toUpperCase();
    return wanted === "PUT" || wanted === "DELETE" ? wanted : 400;
  }
  const method = methods.find((name) => name === verb);
  return method ?? (knownVerbs.has(verb) ? 404 : 400);
}

function methodArgument(query: string): string | undefined {
  if (!query.includes("_method")) return undefined;
  return new URLSearchParams(query).getAll("_method").at(-1);
}
