import { describe, expect, it } from "vitest";
import { buildDataset } from "./build-dataset.ts";

function rowsBytes(littleEndian: boolean): string | undefined {
  const dataset = buildDataset([{ tag: 0x00280010, value: [1, 2] }], { littleEndian });
  return dataset.get(0x00280010)?.value?.toString("hex");
}

function nameBytes(charset: string): Buffer | undefined {
  const dataset = buildDataset([
    { tag: 0x00100010, value: "ü" },
    { tag: 0x00080005, value: charset },
  ]);
  return dataset.get(0x00100010)?.value;
}

describe("buildDataset", () => {
  it("takes VRs from the dictionary and pads values to even length", () => {
    const dataset = buildDataset([
      { tag: 0x00280010, value: 512 },
      { tag: 0x00080018, value: "1.2.3" },
      { tag: 0x00080060, value: "CT " },
      { tag: 0x00420011, value: Buffer.of(1) },
    ]);
    expect([...dataset].map(({ vr, value }) => [vr, value?.toString("latin1")])).toEqual([
      ["UI", "1.2.3\0"],
      ["CS", "CT  "],
      ["US", "\0\x02"],
      ["OB", "\x01\0"],
    ]);
  });

  it("encodes numbers in the byte order that is asked for", () => {
    expect(rowsBytes(true)).toBe("01000200");
    expect(rowsBytes(false)).toBe("00010002");
  });

  it("encodes text in the character set that is among the attributes", () => {
    expect(nameBytes("ISO_IR 100")?.toString("hex")).toBe("fc20");
    expect(nameBytes("ISO_IR 192")?.toString("hex")).toBe("c3bc");
  });

  it("refuses what its VR cannot hold", () => {
    expect(() => buildDataset([{ tag: 0x00091001, value: "x" }])).toThrow("0009,1001 needs a VR");
    expect(() => buildDataset([{ tag: 0x00280010, value: -1 }])).toThrow("-1 is not between 0 and 65535");
    expect(() => buildDataset([{ tag: 0x00280009, value: "PatientName" }])).toThrow('"PatientName" is no tag');
    expect(() => buildDataset([{ tag: 0x00081140, value: "x" }])).toThrow("expected items");
  });
});
