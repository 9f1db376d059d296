import { forwardedOrigin, forwardedPrefix, isHost } from "./forwarded.ts";
import type { HttpRequest } from "./route.ts";

export interface PublicUrlOptions {
  /** `DicomWeb.Host`: the host for all URLs, whatever the request says; empty: from the request. */
  readonly host?: string;
  /** `DicomWeb.Ssl`: the scheme of URLs with that host is https. */
  readonly ssl?: boolean;
  /** `DicomWeb.PublicRoot`: the path under which clients see the API, with or without what `X-Forwarded-Prefix` says. */
  readonly root: string;
}

/**
 * The absolute URL, with a slash at the end, under which the client of `request` reaches `options.root`: from the options,
 * the headers of a reverse proxy, or the `Host` header.
 */
export function publicBaseUrl(request: Pick<HttpRequest, "headers" | "secure">, options: PublicUrlOptions): string {
  const prefix = components(forwardedPrefix(request.headers));
  const root = components(options.root);
  const hasPrefix = prefix.every((component, index) => component === root[index]);
  return [origin(request, options), ...(hasPrefix ? root : [...prefix, ...root]), ""].join("/");
}

function components(path: string): string[] {
  return path.split("/").filter((component) => component !== "");
}

function origin(request: Pick<HttpRequest, "headers" | "secure">, options: PublicUrlOptions): string {
  if (options.host !== undefined && options.host !== "") {
    return `${options.ssl === true ? "https" : "http"}://${options.host}`;
  }
  const forwarded = forwardedOrigin(request.headers);
  if (forwarded !== undefined) return `${forwarded.scheme}://${forwarded.host}`;
  const { host } = request.headers;
  return `${request.secure ? "https" : "http"}://${host !== undefined && isHost(host) ? host : "localhost"}`;
}
