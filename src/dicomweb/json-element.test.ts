import { describe, expect, it } from "vitest";
import { elementWriter } from "./json-element.ts";

/** As an object, so that only the model counts. */
const write = (tag: number, vr: Parameters<typeof elementWriter>[1], value: string): unknown =>
  JSON.parse(`{${elementWriter(tag, vr)(value)}}`);

describe("elementWriter (PS3.18 §F.2)", () => {
  it("writes text, escaped", () => {
    expect(write(0x00081030, "LO", 'Kopf "nativ"')).toEqual({ "00081030": { vr: "LO", Value: ['Kopf "nativ"'] } });
  });

  it("splits several values, empty ones are null", () => {
    expect(write(0x00080061, "CS", String.raw`CT\\MR`)).toEqual({
      "00080061": { vr: "CS", Value: ["CT", null, "MR"] },
    });
  });

  it("does not split texts of one value", () => {
    const text = String.raw`a\b`;
    expect(write(0x00204000, "LT", text)).toEqual({ "00204000": { vr: "LT", Value: [text] } });
  });

  it("writes an empty value without Value", () => {
    expect(write(0x00100020, "LO", "")).toEqual({ "00100020": { vr: "LO" } });
  });

  it("writes numbers as numbers, what is none as text", () => {
    expect(write(0x00200013, "IS", "0012 ")).toEqual({ "00200013": { vr: "IS", Value: [12] } });
    expect(write(0x00280030, "DS", String.raw`0.50\1e2`)).toEqual({ "00280030": { vr: "DS", Value: [0.5, 100] } });
    expect(write(0x00280010, "US", "512")).toEqual({ "00280010": { vr: "US", Value: [512] } });
    expect(write(0x00200013, "IS", "x")).toEqual({ "00200013": { vr: "IS", Value: ["x"] } });
  });

  it("writes the groups of person names (PS3.18 §F.2.2 example)", () => {
    expect(write(0x00100010, "PN", "Yamada^Tarou=山田^太郎=やまだ^たろう")).toEqual({
      "00100010": {
        vr: "PN",
        Value: [{ Alphabetic: "Yamada^Tarou", Ideographic: "山田^太郎", Phonetic: "やまだ^たろう" }],
      },
    });
    expect(write(0x00100010, "PN", "Wang^XiaoDong==")).toEqual({
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Wang^XiaoDong" }] },
    });
  });
});
