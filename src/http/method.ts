import type { IncomingHttpHeaders } from "node:http";
import type { Method, RestMethod, WebDavMethod } from "./route.ts";

/** In the order in which `Allow` lists them. */
export const restMethods: readonly RestMethod[] = ["GET", "POST", "PUT", "DELETE"];

/** Where no route has them Orthanc answers 404, not 405. */
export const webDavMethods: readonly WebDavMethod[] = [
  "HEAD",
  "OPTIONS",
  "PROPFIND",
  "PROPPATCH",
  "LOCK",
  "UNLOCK",
  "MKCOL",
];

const methods: readonly Method[] = [...restMethods, ...webDavMethods];

/**
 * The method a request asks for: its verb, unless `X-HTTP-Method-Override` or, for GET, the argument `_method` says PUT or
 * DELETE. A number is the status of the refusal.
 */
export function requestedMethod(verb: string, headers: IncomingHttpHeaders, query: string): Method | 400 {
  const override = headers["x-http-method-override"] ?? (verb === "GET" ? methodArgument(query) : undefined);
  if (override !== undefined) {
    const wanted = String(override).toUpperCase();
    return wanted === "PUT" || wanted === "DELETE" ? wanted : 400;
  }
  return methods.find((name) => name === verb) ?? 400;
}

function methodArgument(query: string): string | undefined {
  if (!query.includes("_method")) return undefined;
  return new URLSearchParams(query).getAll("_method").at(-1);
}
