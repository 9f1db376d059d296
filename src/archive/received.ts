import { continued, gather } from "../util/gather.ts";
import type { MemoryBudget } from "./memory-budget.ts";

/** An object as it came: small ones whole in memory, which is used again after that, others as a stream that is still coming. */
export type Received =
  | { readonly kind: "whole"; readonly chunks: readonly Buffer[]; readonly size: number }
  | { readonly kind: "stream"; readonly stream: AsyncIterable<Uint8Array> };

/** Objects up to this size, in bytes, are taken into memory. */
const wholeSize = 2 ** 20;

/** The bytes as a `Buffer`, without copying them. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * Receives an object and hands it to `use`. What is gathered in memory is taken from the budget until `use` is done with it, and
 * becomes the beginning of a stream when the object turns out to be large or the budget is spent.
 */
export async function receive<Result>(
  data: Uint8Array | AsyncIterable<Uint8Array>,
  budget: MemoryBudget,
  use: (received: Received) => Promise<Result>,
): Promise<Result> {
  if (data instanceof Uint8Array) return use({ kind: "whole", chunks: [asBuffer(data)], size: data.length });
  const source = data[Symbol.asyncIterator]();
  let size = 0;
  const admit = (bytes: number): boolean => {
    if (size + bytes > wholeSize || !budget.take(bytes)) return false;
    size += bytes;
    return true;
  };
  let release: (() => number) | undefined;
  try {
    const gathered = await gather(source, admit);
    if (!gathered.isWhole) return await use({ kind: "stream", stream: continued(gathered.chunks, source) });
    release = gathered.release;
    return await use({ kind: "whole", chunks: gathered.chunks.map(asBuffer), size });
  } finally {
    budget.give(size, release?.());
    await source.return?.();
  }
}
