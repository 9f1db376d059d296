import { describe, expect, it } from "vitest";
import { PduDecoder, type Fragment } from "./pdu-decoder.ts";
import { DatasetPacker, packWhole, pdvCapacity } from "./pdv-packer.ts";

/** The fragments of these PDUs, whole PDVs, for a receiver with a maximum length. */
function unpack(parts: readonly Uint8Array[], maximumLength: number): Fragment[] {
  const fragments: Fragment[] = [];
  new PduDecoder(maximumLength, { pdu: () => {}, fragment: (fragment) => fragments.push(fragment) }).push(
    Buffer.concat(parts),
  );
  return fragments;
}

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));

describe("packing into P-DATA-TF (PS3.8 §9.3.5, Annex E)", () => {
  it("writes the headers as the tables say", () => {
    expect(Buffer.concat(packWhole(5, true, Buffer.from("ab"), 100)).toString("hex")).toBe(
      ["04000000", "0008", "00000004", "05", "03", "6162"].join(""),
    );
    expect(Buffer.concat(packWhole(5, false, Buffer.from("abcd"), 2)).toString("hex")).toBe(
      ["04000000", "0008", "00000004", "05", "00", "6162", "04000000", "0008", "00000004", "05", "02", "6364"].join(""),
    );
  });

  it.each([
    [16384, 16378],
    [8, 2],
    [9, 2],
    [1, 2],
    [0, 131066],
    [0xffffffff, 131066],
  ])("a receiver with a maximum of %i gets PDVs of %i bytes, an even number", (maximum, capacity) => {
    expect(pdvCapacity(maximum)).toBe(capacity);
  });

  it("keeps within the receiver's maximum length and does not copy", () => {
    const parts = packWhole(1, false, bytes, pdvCapacity(106));
    expect(unpack(parts, 106).map((fragment) => fragment.bytes.length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(parts.filter((part) => part.buffer === bytes.buffer && part.length === 100)).toHaveLength(10);
  });

  it("sends an empty dataset as one empty PDV", () => {
    expect(unpack(packWhole(1, false, Buffer.alloc(0), 100), 0)).toMatchObject([
      { isLast: true, bytes: { length: 0 } },
    ]);
  });

  it.each([1, 7, 99, 100, 101, 250, 1000])("packs pieces of %i bytes into full PDVs, the last one marked", (size) => {
    const packer = new DatasetPacker(1, 100);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) parts.push(...packer.push(bytes.subarray(at, at + size)));
    parts.push(...packer.finish());
    const fragments = unpack(parts, 106);
    expect(fragments.map((fragment) => fragment.bytes.length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(fragments.map(({ isLast }) => isLast)).toEqual([...Array.from({ length: 9 }, () => false), true]);
    expect(Buffer.concat(fragments.map((fragment) => fragment.bytes))).toEqual(bytes);
  });
});
