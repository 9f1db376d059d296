import { describe, expect, it } from "vitest";
import { decodePackBits, encodePackBits } from "./pack-bits.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

function decode(segment: Buffer, count: number): Buffer {
  const target = Buffer.alloc(count);
  decodePackBits(segment, target, { first: 0, step: 1, count });
  return target;
}

describe("PackBits", () => {
  // The example of Apple's Technical Note TN1023, where PackBits comes from.
  const packed = hex("FE AA 02 80 00 2A FD AA 03 80 00 2A 22 F7 AA");
  const plain = hex("AA AA AA 80 00 2A AA AA AA AA 80 00 2A 22 AA AA AA AA AA AA AA AA AA AA");

  it("is decoded", () => {
    expect(decode(packed, plain.length)).toEqual(plain);
  });

  it("is encoded, and padded to even length", () => {
    expect(encodePackBits(plain, plain.length)).toEqual(Buffer.concat([packed, Buffer.of(0)]));
  });

  it("does not run from one row into the next (PS3.5 §G.3.1)", () => {
    expect(encodePackBits(Buffer.alloc(8, 5), 4)).toEqual(hex("FD 05 FD 05"));
  });

  it("has runs and literal pieces of at most 128 bytes", () => {
    expect(encodePackBits(Buffer.alloc(300, 5), 300)).toEqual(hex("81 05 81 05 D5 05"));
    const different = Buffer.from(Array.from({ length: 130 }, (_, at) => at));
    const piece = encodePackBits(different, 130);
    expect([piece[0], piece[129], piece.length]).toEqual([127, 1, 132]);
    expect(decode(piece, 130)).toEqual(different);
  });

  it("writes every step-th byte, and never beyond the count", () => {
    const target = Buffer.alloc(6);
    decodePackBits(hex("81 07"), target, { first: 1, step: 2, count: 2 });
    expect([...target]).toEqual([0, 7, 0, 7, 0, 0]);
  });

  it("leaves what a short segment does not have, and passes over 128", () => {
    expect([...decode(hex("80 00 09"), 3)]).toEqual([9, 0, 0]);
    expect([...decode(hex("05 01"), 3)]).toEqual([1, 0, 0]);
  });
});
