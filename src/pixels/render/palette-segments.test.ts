import { describe, expect, it } from "vitest";
import { expandSegments } from "./palette-segments.ts";

const discrete = (...values: readonly number[]): readonly number[] => [0, values.length, ...values];
const linear = (count: number, last: number): readonly number[] => [1, count, last];
/** To the segments that begin at a word. */
const indirect = (count: number, word: number): readonly number[] => [2, count, (word * 2) & 0xffff, (word * 2) >> 16];

function expanded(length: number, ...segments: readonly (readonly number[])[]): readonly number[] {
  return [...expandSegments(Uint16Array.from(segments.flat()), length)];
}

describe("segments of a palette (PS3.3 §C.7.9.2)", () => {
  it("that are discrete are entries as they are", () => {
    expect(expanded(3, discrete(5), discrete(7, 9))).toEqual([5, 7, 9]);
  });

  it("that are linear lead from the last entry to another, which is part of them", () => {
    expect(expanded(6, discrete(0), linear(4, 80), linear(1, 7))).toEqual([0, 20, 40, 60, 80, 7]);
    expect(expanded(5, discrete(100), linear(4, 0))).toEqual([100, 75, 50, 25, 0]);
  });

  it("that are indirect repeat others, linear ones from where the palette has come to", () => {
    const first = discrete(0);
    expect(expanded(7, first, linear(2, 10), discrete(20), indirect(2, first.length))).toEqual([
      0, 5, 10, 20, 15, 10, 20,
    ]);
  });

  it("that are broken end the palette", () => {
    expect(expanded(4, discrete(5), [3, 1, 1])).toEqual([5, 0, 0, 0]);
    expect(expanded(4, discrete(5), [0, 9, 6])).toEqual([5, 6, 0, 0]);
    // An indirect segment that refers to itself.
    expect(expanded(2, discrete(5), indirect(3, 3))).toEqual([5, 0]);
  });

  it("never fill more than there is", () => {
    expect(expanded(2, discrete(1, 2, 3))).toEqual([1, 2]);
    expect(expanded(3, discrete(1), linear(65_535, 65_535))).toEqual([1, 2, 3]);
  });
});
