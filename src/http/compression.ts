import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createDeflate, createGzip, deflate, gzip } from "node:zlib";
import { parseAccept } from "./accept.ts";
import type { Reply } from "./route.ts";

/** Smaller answers are not worth it. */
const minimumLength = 2048;

const compressible = new Set([
  "application/dicom+json",
  "application/dicom+xml",
  "application/javascript",
  "application/json",
  "application/pdf",
  "application/wasm",
  "application/xml",
  "image/svg+xml",
  "image/x-portable-arbitrarymap",
  "text/css",
  "text/html",
  "text/plain",
]);

type Encoding = "gzip" | "deflate";

const whole = { gzip: promisify(gzip), deflate: promisify(deflate) };
const flowing = { gzip: createGzip, deflate: createDeflate };

/** `reply` compressed as `Accept-Encoding` allows (gzip before deflate), where `HttpCompressionEnabled` would: large, compressible, complete. */
export async function compressed(reply: Reply, acceptEncoding: string | undefined): Promise<Reply> {
  const encoding = acceptedEncoding(acceptEncoding);
  if (encoding === undefined || !isWorthIt(reply)) return reply;
  const { length: _, ...others } = reply;
  const headers = { ...reply.headers, "Content-Encoding": encoding, Vary: "Accept-Encoding" };
  const { body = "" } = reply;
  if (typeof body === "string" || body instanceof Uint8Array) {
    return { ...others, headers, body: await whole[encoding](body) };
  }
  const source = Readable.from(body, { objectMode: false });
  const compressor = flowing[encoding]();
  source.on("error", (error) => compressor.destroy(error));
  compressor.on("close", () => source.destroy());
  return { ...others, headers, body: source.pipe(compressor) };
}

function isWorthIt(reply: Reply): boolean {
  const type = reply.type?.split(";")[0]?.trim().toLowerCase() ?? "";
  const complete = reply.status === undefined || reply.status === 200;
  return complete && compressible.has(type) && !reply.headers?.["Content-Encoding"] && lengthOf(reply) >= minimumLength;
}

function lengthOf({ body = "", length }: Reply): number {
  return typeof body === "string" || body instanceof Uint8Array ? body.length : (length ?? 0);
}

function acceptedEncoding(header: string | undefined): Encoding | undefined {
  if (header === undefined) return undefined;
  const accepted = new Set(
    parseAccept(header)
      .filter((range) => range.q > 0)
      .map((range) => range.type),
  );
  if (accepted.has("gzip")) return "gzip";
  return accepted.has("deflate") ? "deflate" : undefined;
}
