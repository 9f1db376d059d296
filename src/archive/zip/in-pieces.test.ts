import { describe, expect, it } from "vitest";
import { gathered } from "./gathered.ts";
import { inPieces } from "./in-pieces.ts";

async function* streamOf(...sizes: readonly number[]): AsyncGenerator<Buffer, void, void> {
  await Promise.resolve();
  let value = 0;
  for (const size of sizes) yield Buffer.from(Array.from({ length: size }, () => value++));
}

async function sizesOf(stream: AsyncIterable<Buffer>): Promise<readonly number[]> {
  const pieces = await Array.fromAsync(stream);
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  // Nothing lost, doubled or moved.
  expect(Buffer.concat(pieces)).toEqual(Buffer.from(Array.from({ length: total }, (_, at) => at)));
  return pieces.map(({ length }) => length);
}

describe("pieces", () => {
  it.each([
    [[], []],
    [[0, 0], []],
    [[3], [3]],
    [[4], [4]],
    [
      [1, 1, 1, 1, 1],
      [4, 1],
    ],
    [[9], [4, 4, 1]],
    [
      [3, 6, 0, 3],
      [4, 4, 4],
    ],
  ])("of 4 bytes from chunks of %j are %j", async (chunks, expected) => {
    expect(await sizesOf(inPieces(streamOf(...chunks), 4))).toEqual(expected);
  });

  it.each([
    [[], []],
    [[1], [1]],
    [
      [1, 2, 1, 1],
      [4, 1],
    ],
    [
      [1, 9, 2, 2],
      [1, 9, 4],
    ],
    [
      [5, 5],
      [5, 5],
    ],
  ])("of at least 4 bytes from chunks of %j are %j", async (chunks, expected) => {
    expect(await sizesOf(gathered(streamOf(...chunks), 4))).toEqual(expected);
  });
});
