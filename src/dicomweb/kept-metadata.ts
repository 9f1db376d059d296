import { constants, createGunzip, createGzip } from "node:zlib";
import type { Archive } from "../archive/archive.ts";
import { throughStream } from "../archive/compression.ts";

/** Orthanc's number of the attachment that the metadata of a series are kept in. */
const keptAttachment = 4301;

/** Bytes of text: each turn of the decompressor costs much. */
const unpackedAtOnce = 256 << 10;

/** The attachment begins with the version of Orthanc's form and a digest of what the text was made from; then comes the text, by gzip. */
function headOf(digest: string): string {
  return `2;${digest};`;
}

/** Keeps the metadata of a series, which were made from what `digest` stands for. */
export async function keepMetadata(
  archive: Pick<Archive, "attach">,
  series: string,
  digest: string,
  text: AsyncIterable<Uint8Array>,
): Promise<void> {
  await archive.attach(series, keptAttachment, fileOf(headOf(digest), text));
}

async function* fileOf(head: string, text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(head);
  yield* throughStream(text, createGzip({ level: constants.Z_BEST_SPEED }));
}

/** The text that is kept of a series; undefined when there is none, or it was made from something else. */
export async function openKeptMetadata(
  archive: Pick<Archive, "open">,
  series: string,
  digest: string,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const found = await archive.open(series, keptAttachment);
  if (found === undefined) return undefined;
  const head = headOf(digest);
  const reader = found.stream[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < head.length) {
    const next = await reader.next();
    if (next.done === true) return undefined;
    start = Buffer.concat([start, next.value]);
  }
  if (start.toString("latin1", 0, head.length) === head) {
    return throughStream(rest(start.subarray(head.length), reader), createGunzip({ chunkSize: unpackedAtOnce }));
  }
  await reader.return?.();
  return undefined;
}

async function* rest(first: Uint8Array, reader: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => reader };
}

/** Drops what is kept of a series. */
export async function dropKeptMetadata(archive: Pick<Archive, "detach">, series: string): Promise<void> {
  await archive.detach(series, keptAttachment);
}
