import { describe, expect, it } from "vitest";
import type { FrameShape } from "../pixels/frame.ts";
import { numpyHeader } from "./numpy-file.ts";

const shape: FrameShape = {
  rows: 32,
  columns: 48,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: true,
  float: false,
  photometricInterpretation: "MONOCHROME2",
  planarConfiguration: 0,
};

describe("the header of a NumPy file (NEP 1)", () => {
  it("says what the array is, and ends where it can be mapped", () => {
    const header = numpyHeader(shape);
    expect(header.subarray(0, 10)).toEqual(Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"));
    expect(header.length).toBe(128);
    expect(header.toString("latin1", 10)).toMatch(
      /^\{'descr': '<i2', 'fortran_order': False, 'shape': \(32,48,1\), \} +\n$/,
    );
  });

  it("has an axis for frames", () => {
    expect(numpyHeader(shape, 150).toString("latin1")).toContain("'shape': (150, 32,48,1), }");
  });

  it.each([
    [{ bitsAllocated: 8, signed: false }, "<u1"],
    [{ bitsAllocated: 16, signed: false }, "<u2"],
    [{ bitsAllocated: 32, float: true }, "<f4"],
  ])("names the type of %j", (kind, name) => {
    expect(numpyHeader({ ...shape, ...kind }).toString("latin1")).toContain(`'descr': '${name}'`);
  });
});
