import type { ByteRange } from "../storage/storage.ts";
import type { ReadValue } from "./stream-dataset.ts";

/** `ReadValue` that has to be closed. */
export interface ForwardReader extends AsyncDisposable {
  readonly readValue: ReadValue;
}

/**
 * Reads ranges that follow each other from one stream of `whole`, since opening a stream costs much, most of all where everything
 * before the range must be inflated. Ranges that lie behind are read by themselves. One range is read at a time.
 */
export function createForwardReader(readValue: ReadValue, whole: ByteRange): ForwardReader {
  let source: AsyncIterator<Uint8Array> | undefined;
  /** The last bytes of the stream that came, and where they begin. */
  let chunk: Uint8Array = new Uint8Array();
  let chunkStart = whole.start;

  async function* read({ start, end }: ByteRange): AsyncGenerator<Uint8Array, void, void> {
    if (start < chunkStart || end > whole.end) {
      yield* readValue({ start, end });
      return;
    }
    source ??= readValue(whole)[Symbol.asyncIterator]();
    for (;;) {
      const part = chunk.subarray(Math.max(0, start - chunkStart), Math.max(0, end - chunkStart));
      if (part.length > 0) yield part;
      if (chunkStart + chunk.length >= end) return;
      const next = await source.next();
      if (next.done === true) return;
      chunkStart += chunk.length;
      chunk = next.value;
    }
  }
  return {
    readValue: read,
    async [Symbol.asyncDispose]() {
      await source?.return?.();
    },
  };
}
