import type { ByteRange } from "../storage/storage.ts";

/** The bytes of `range` of a stream; it is read no further than needed. */
export async function* sliceStream(
  data: AsyncIterable<Uint8Array>,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array, void, void> {
  let position = 0;
  if (start >= end) return;
  for await (const chunk of data) {
    const part = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += chunk.length;
    if (part.length > 0) yield part;
    if (position >= end) return;
  }
}
