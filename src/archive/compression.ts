import { pipeline, Readable, type Transform } from "node:stream";
import { promisify } from "node:util";
import { createDeflate, createInflate, deflate } from "node:zlib";
import { ServerError } from "../util/errors.ts";

/** Orthanc's numbers of how an attachment is stored. */
export const compressions = { none: 1, zlib: 2 } as const;

/** Bytes before the zlib stream: the uncompressed size, little endian. */
export const prefixLength = 8;

const deflateWhole = promisify<Buffer, Buffer>(deflate);

function prefix(size: number): Buffer {
  const bytes = Buffer.alloc(prefixLength);
  bytes.writeBigUInt64LE(BigInt(size));
  return bytes;
}

/** Compresses a small object as Orthanc does: size, then zlib stream. */
export async function compressWhole(buffers: readonly Uint8Array[], size: number): Promise<readonly Buffer[]> {
  return [prefix(size), await deflateWhole(Buffer.concat(buffers, size))];
}

/** Compresses a stream of `size` bytes in the same form. */
export async function* compressed(
  data: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, void> {
  yield prefix(size);
  yield* throughStream(data, createDeflate());
}

/** Undoes the compression of a zlib stream (RFC 1950) without its prefix. Throws `CorruptedFile`. */
export async function* uncompressed(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* throughStream(data, createInflate());
  } catch (cause) {
    if (cause instanceof ServerError) throw cause;
    throw new ServerError("CorruptedFile", "a compressed attachment cannot be read", { cause });
  }
}

/** Pulls `data` through a transform; both are closed when the consumer stops early. */
export function throughStream(data: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  // Whatever goes wrong with the source or the transform is thrown to who reads from the transform.
  pipeline(Readable.from(data, { objectMode: false }), transform, () => {});
  return transform;
}
