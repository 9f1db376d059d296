import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createDatasetMemory } from "./dataset-memory.ts";
import { Pieces, pieceSize } from "./pieces.ts";

const first = 16 * 1024;

test.each([
  { length: 0, sizes: [] },
  { length: 10, sizes: [10] },
  { length: first, sizes: [first] },
  { length: first + 1, sizes: [first, 1] },
  { length: first + pieceSize, sizes: [first, pieceSize] },
  { length: first + 2 * pieceSize + 5, sizes: [first, pieceSize, pieceSize, 5] },
])("$length bytes are copied into pieces of $sizes", ({ length, sizes }) => {
  const bytes = randomBytes(length);
  const given: Buffer[] = [];
  const pieces = new Pieces(createDatasetMemory(), (piece) => given.push(piece));
  const lent = Buffer.alloc(1000);
  for (let at = 0; at < length; at += lent.length) {
    const copied = bytes.copy(lent, 0, at, at + lent.length);
    pieces.add(lent.subarray(0, copied));
  }
  pieces.end();
  expect(given.map((piece) => piece.length)).toEqual(sizes);
  expect(Buffer.concat(given).equals(bytes)).toBe(true);
});
