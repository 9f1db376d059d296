import type { ByteSource } from "../util/byte-source.ts";
import { jsonText } from "./json-text.ts";
import type { Reply } from "./route.ts";

/** The type of every JSON answer of Orthanc's API; the server turns these into XML when a client accepts nothing else. */
export const jsonType = "application/json; charset=utf-8";

/** `value` as Orthanc prints JSON. */
export function json(value: unknown, status = 200): Reply {
  return { status, type: jsonType, body: jsonText(value) };
}

/** A short text, `text/plain` as Orthanc sends it (UTF-8, without saying so). */
export function text(body: string): Reply {
  return { type: "text/plain", body };
}

/** A whole body in memory. */
export function bytes(type: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}): Reply {
  return { type, body, headers };
}

export interface StreamOptions {
  /** Bytes; without it the answer is chunked. */
  readonly length?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that flows with back-pressure and is never in memory as a whole. */
export function stream(type: string, body: ByteSource, options: StreamOptions = {}): Reply {
  return { type, body, ...options };
}

/** Success without content: most PUT and DELETE of Orthanc. */
export function empty(status = 200): Reply {
  return { status, type: "text/plain", body: "" };
}

/** `{}`: what some POST of Orthanc answer. */
export function emptyObject(): Reply {
  return { type: jsonType, body: "{}" };
}

/** 404 without a body: a thing that is not there, as opposed to an error. */
export function notFound(): Reply {
  return { status: 404, body: "" };
}

/** 307, the redirection of Orthanc since 1.12.4. `location` may be relative. */
export function redirect(location: string): Reply {
  return { status: 307, headers: { Location: location }, body: "" };
}

/**
 * The value of `Content-Disposition` that names a download, as Orthanc writes it: no `attachment;`, and CR, LF and `"`
 * left out. Other letters than ASCII go as the bytes of UTF-8, which header strings hold one per character.
 */
export function contentDisposition(filename: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  const safe = filename.replaceAll(/[\u0000-\u001f\u007f"]/g, "");
  return `filename="${Buffer.from(safe, "utf8").toString("latin1")}"`;
}
