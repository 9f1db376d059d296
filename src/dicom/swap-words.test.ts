import { expect, it } from "vitest";
import { swapWords } from "./swap-words.ts";

async function* chunks(bytes: readonly number[], size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let start = 0; start < bytes.length; start += size) yield Uint8Array.from(bytes.slice(start, start + size));
}

it.each([1, 3, 8])("swaps words that come in chunks of %i bytes", async (size) => {
  const swapped = async (words: 2 | 4) =>
    Buffer.concat(await Array.fromAsync(swapWords(chunks([1, 2, 3, 4], size), words)));
  expect([...(await swapped(2))]).toEqual([2, 1, 4, 3]);
  expect([...(await swapped(4))]).toEqual([4, 3, 2, 1]);
});
