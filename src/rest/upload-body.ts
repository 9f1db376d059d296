import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { HttpRequest } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { continued } from "../util/gather.ts";

/** An uploaded body whose first bytes were looked at. */
export interface UploadBody {
  readonly isZip: boolean;
  readonly data: AsyncIterable<Uint8Array>;
}

/** `PK\3\4`: the signature of a local file header (APPNOTE.TXT §4.3.7). */
const zipSignature = Buffer.from("PK\u0003\u0004", "latin1");

/** What stands behind the preamble of a DICOM file, which may say anything, `PK\3\4` too (PS3.10 §7.1). */
const dicomPrefix = { at: 128, text: Buffer.from("DICM", "latin1") };
const headLength = dicomPrefix.at + dicomPrefix.text.length;

/** The body of an upload, `Content-Encoding: gzip` undone; throws BadFileFormat when it is empty. */
export async function openUpload(request: HttpRequest): Promise<UploadBody> {
  const source = decoded(request)[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < headLength) {
    const next = await source.next();
    if (next.done) break;
    head.push(next.value);
    length += next.value.length;
  }
  if (length === 0) throw new ServerError("BadFileFormat", "The body is empty: expected a DICOM file or a ZIP archive");
  const start = Buffer.concat(head);
  return { isZip: isZip(start), data: continued([start], source) };
}

function isZip(start: Buffer): boolean {
  const isDicom = start.subarray(dicomPrefix.at, headLength).equals(dicomPrefix.text);
  return !isDicom && start.subarray(0, zipSignature.length).equals(zipSignature);
}

function decoded({ body, headers }: HttpRequest): AsyncIterable<Uint8Array> {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "gzip") return gunzipped(body);
  if (encoding === "identity" || encoding === "") return body;
  throw new ServerError("UnsupportedMediaType", `Content-Encoding ${encoding} is not read here: expected gzip or none`);
}

async function* gunzipped(body: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void, void> {
  const source = Readable.from(body, { objectMode: false });
  const gunzip = createGunzip();
  source.once("error", (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip);
  } catch (cause) {
    if (!isInflateError(cause)) throw cause;
    throw new ServerError("BadFileFormat", "The body is not in gzip format", { cause });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** Of zlib, rather than of the connection that the body comes by. */
function isInflateError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
