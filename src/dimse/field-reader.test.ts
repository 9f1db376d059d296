import { describe, expect, it } from "vitest";
import { FieldReader, unpadded } from "./field-reader.ts";

describe("FieldReader", () => {
  it("reads fields one after the other, big endian", () => {
    const reader = new FieldReader(Buffer.from("01 0203 04050607 0003 312e32 ff".replaceAll(" ", ""), "hex"), "Item");
    expect([reader.uint8(), reader.uint16(), reader.uint32(), reader.uid(), reader.left]).toEqual([
      0x01,
      0x0203,
      0x04050607,
      "1.2",
      1,
    ]);
  });

  it("says what it was reading when a field is too long", () => {
    const reader = new FieldReader(Buffer.of(0, 9, 1), "Item");
    expect(() => reader.sized()).toThrow("Item: a field of 9 bytes where 1 are left");
  });
});

describe("unpadded", () => {
  it.each([
    ["1.2.3\0", "1.2.3"],
    ["  A B \0 ", "A B"],
    ["\0\0\0", ""],
    ["", ""],
  ])("%j is %j", (padded, text) => {
    expect(unpadded(Buffer.from(padded, "latin1"))).toBe(text);
  });

  it("takes no longer for padding inside, of which a hostile text has much", () => {
    const inside = `x${" ".repeat(60_000)}x`;
    for (let count = 0; count < 1000; count += 1) expect(unpadded(Buffer.from(inside)).length).toBe(inside.length);
  });
});
