import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { parseByteRange, type ByteRange } from "./byte-range.ts";
import { isNotModified, rangeApplies, type Validators } from "./conditional.ts";
import { mimeTypeOf } from "./mime-types.ts";
import { notFound, redirect } from "./reply.ts";
import type { HttpRequest, Reply } from "./route.ts";
import { findInFolder, type Found } from "./static-path.ts";

export interface StaticFilesOptions {
  readonly folder: string;
  /** Tried in a directory, in this order. */
  readonly indexFiles?: readonly string[];
  /** MIME types by extension (lower case, without dot), before the built-in ones. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** `Cache-Control`; by default clients keep nothing without asking again. */
  readonly cacheControl?: string;
  /** False: no `ETag`. */
  readonly etag?: boolean;
  /** Answers a directory without index file; `directory` is its real path. Without it that is 404. */
  readonly listDirectory?: (directory: string, request: HttpRequest) => Promise<Reply>;
}

/** Answers the file at `path`, decoded, below the URL of the folder; 404 when there is none or it is outside. */
export type StaticFiles = (request: HttpRequest, path: string) => Promise<Reply>;

/** Orthanc's headers for files that change under the same name. */
const noCache = { "Cache-Control": "no-cache", Pragma: "no-cache", Expires: "0" };

/** Files up to this size are read at once instead of flowing. */
const readAtOnce = 64 * 1024;

/** The files of a folder for a route `{path...}`: types, index files, `ETag`, conditional requests, ranges. */
export function staticFiles(options: StaticFilesOptions): StaticFiles {
  const { folder, indexFiles = ["index.html"], listDirectory } = options;
  return async (request, path) => {
    const found = await findInFolder(folder, path);
    if (found === undefined) return notFound();
    if (found.kind === "file") return fileReply(found, request, options);
    // Relative links in the page would otherwise lead beside the directory.
    if (!request.path.endsWith("/")) return redirect(`./${request.path.slice(request.path.lastIndexOf("/") + 1)}/`);
    for (const indexFile of indexFiles) {
      const index = await findInFolder(folder, `${path}/${indexFile}`);
      if (index?.kind === "file") return fileReply(index, request, options);
    }
    return listDirectory === undefined ? notFound() : listDirectory(found.path, request);
  };
}

async function fileReply(file: Found, request: HttpRequest, options: StaticFilesOptions): Promise<Reply> {
  const validators: Validators = {
    etag: options.etag === false ? undefined : etagOf(file),
    lastModified: file.modified,
  };
  const headers = {
    ...(options.cacheControl === undefined ? noCache : { "Cache-Control": options.cacheControl }),
    ...(validators.etag === undefined ? {} : { ETag: validators.etag }),
    "Last-Modified": file.modified.toUTCString(),
    "Accept-Ranges": "bytes",
  };
  if (isNotModified(request.headers, validators)) return { status: 304, headers };
  const range = rangeApplies(request.headers, validators)
    ? parseByteRange(request.headers.range, file.size)
    : undefined;
  if (range === "unsatisfiable") return { status: 416, headers: { "Content-Range": `bytes */${file.size}` }, body: "" };
  const type = mimeTypeOf(file.path, options.extensions);
  const { start, end } = range ?? { start: 0, end: file.size };
  const part = range === undefined ? {} : { "Content-Range": `bytes ${start}-${end - 1}/${file.size}` };
  return {
    status: range === undefined ? 200 : 206,
    type,
    headers: { ...headers, ...part },
    length: end - start,
    body: await contentOf(file.path, { start, end }),
  };
}

/** Changes with every change of the file; hashed, so that it says nothing else. */
function etagOf(file: Found): string {
  return `"${createHash("md5").update(`${file.path}\n${file.size}\n${file.modified.getTime()}`).digest("hex")}"`;
}

async function contentOf(path: string, range: ByteRange): Promise<Uint8Array | AsyncIterable<Uint8Array>> {
  const chunks = chunksOf(path, range);
  if (range.end - range.start > readAtOnce) return chunks;
  return Buffer.concat(await Array.fromAsync(chunks));
}

/** Opened when it is read, not before: a reply that is never sent holds no file open. */
async function* chunksOf(path: string, { start, end }: ByteRange): AsyncGenerator<Buffer, void> {
  if (start === end) return;
  // The path was resolved: a link there now was put there in between.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  yield* file.createReadStream({ start, end: end - 1, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
}
