import { describe, expect, it } from "vitest";
import { BitWriter } from "./bit-writer.ts";
import { type HuffmanTable, huffmanTable } from "./huffman-table.ts";
import { quantizers, transformBlock, zigzag } from "./transform.ts";

describe("the transform", () => {
  it("puts a constant into the first coefficient, eight times as large (ITU-T T.81 §A.3.3)", () => {
    const block = new Float64Array(64).fill(100);
    transformBlock(block);
    expect(block[0]).toBeCloseTo(800, 9);
    expect(Math.max(...block.subarray(1).map(Math.abs))).toBeCloseTo(0, 9);
  });

  it("keeps the energy: it is orthonormal", () => {
    const block = Float64Array.from({ length: 64 }, (_, at) => ((at * 37) % 101) - 50);
    const energy = (): number => block.reduce((sum, value) => sum + value * value, 0);
    const before = energy();
    transformBlock(block);
    expect(energy()).toBeCloseTo(before, 6);
  });

  it("goes in zigzag (Figure A.6)", () => {
    expect(zigzag.slice(0, 12)).toEqual([0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25]);
    expect(zigzag.slice(-4)).toEqual([47, 55, 62, 63]);
    expect(new Set(zigzag).size).toBe(64);
  });

  it("is divided by the table of the standard at quality 50 (Table K.1), and by nothing at 100", () => {
    expect(quantizers(50).slice(0, 8)).toEqual([16, 11, 10, 16, 24, 40, 51, 61]);
    expect(new Set(quantizers(100))).toEqual(new Set([1]));
    expect(quantizers(1)[0]).toBe(800);
  });
});

function tableOf(counts: readonly number[]): HuffmanTable {
  const frequencies = new Uint32Array(256);
  frequencies.set(counts);
  return huffmanTable(frequencies);
}

describe("a Huffman table", () => {
  it("has short codes for what is frequent, in order, and none of ones only", () => {
    // Lengths 1, 2, 3 and 3 for the four, of which the last is lost to the reserved code.
    const { lengths, symbols, code, size } = tableOf([1, 20, 5]);
    expect(lengths.slice(0, 4)).toEqual([1, 1, 1, 0]);
    expect(symbols).toEqual([1, 2, 0]);
    expect(symbols.map((symbol) => (code[symbol] ?? 0).toString(2).padStart(size[symbol] ?? 0, "0"))).toEqual([
      "0",
      "10",
      "110",
    ]);
  });

  it("has codes of at most 16 bits, none the beginning of another, whatever the frequencies", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 40) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
    const { lengths, symbols, code, size } = tableOf(fibonacci);
    expect(symbols).toHaveLength(40);
    expect(lengths.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(Math.max(...size)).toBeLessThanOrEqual(16);
    const codes = symbols.map((symbol) => (code[symbol] ?? 0).toString(2).padStart(size[symbol] ?? 0, "0"));
    const isPrefix = codes.some((one, at) => codes.some((other, place) => at !== place && other.startsWith(one)));
    expect([isPrefix, codes.some((one) => !one.includes("0"))]).toEqual([false, false]);
  });

  it("of one symbol has one bit", () => {
    const { lengths, symbols, code, size } = tableOf([0, 7]);
    expect([lengths[0], symbols, code[1], size[1]]).toEqual([1, [1], 0, 1]);
  });
});

it("bits are written from the highest, ones are filled in, and 0xff is followed by 0", () => {
  const writer = new BitWriter();
  writer.write(0b1111_1111, 8);
  writer.write(0b010, 3);
  expect([...writer.end()]).toEqual([0xff, 0x00, 0b0101_1111]);
});
