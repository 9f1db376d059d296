import { describe, expect, it } from "vitest";
import { byPixel, decodedFrame } from "./by-pixel.ts";
import { checkStream, fitSamples, significantBits } from "./codecs/samples.ts";
import { ybrToRgb } from "./colour.ts";
import type { FrameShape } from "./frame.ts";
import { packBits, unpackBits } from "./packed-bits.ts";

function shapeOf(more: Partial<FrameShape>): FrameShape {
  const bitsAllocated = more.bitsAllocated ?? 8;
  return {
    rows: 1,
    columns: 2,
    samplesPerPixel: 1,
    bitsAllocated,
    bitsStored: bitsAllocated,
    highBit: bitsAllocated - 1,
    signed: false,
    float: false,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    ...more,
  };
}

const words = (...values: readonly number[]): Buffer => Buffer.from(Int16Array.from(values).buffer);

describe("a frame by pixel", () => {
  it("has planes woven together", () => {
    const rgb = shapeOf({ samplesPerPixel: 3, photometricInterpretation: "RGB", planarConfiguration: 1 });
    expect(byPixel({ shape: rgb, bytes: Buffer.from([1, 2, 3, 4, 5, 6]) })).toMatchObject({
      bytes: Buffer.from([1, 3, 5, 2, 4, 6]),
      shape: { planarConfiguration: 0 },
    });
    const wide = byPixel({ shape: { ...rgb, bitsAllocated: 16 }, bytes: words(1, 2, 3, 4, 5, 6) });
    expect(wide.bytes).toEqual(words(1, 3, 5, 2, 4, 6));
  });

  it("has chrominance in each pixel (PS3.3 §C.7.6.3.1.2: Y1 Y2 CB CR)", () => {
    const shape = shapeOf({ samplesPerPixel: 3, photometricInterpretation: "YBR_FULL_422" });
    expect(byPixel({ shape, bytes: Buffer.from([1, 2, 7, 8]) })).toMatchObject({
      bytes: Buffer.from([1, 7, 8, 2, 7, 8]),
      shape: { photometricInterpretation: "YBR_FULL" },
    });
  });

  it("has a byte for each pixel of one bit when it is decoded", () => {
    const shape = shapeOf({ bitsAllocated: 1, columns: 10 });
    expect(decodedFrame({ shape, bytes: Buffer.from([0b0000_0101, 0b10]) })).toMatchObject({
      bytes: Buffer.from([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]),
      shape: { bitsAllocated: 8, bitsStored: 1, highBit: 0 },
    });
    expect(packBits(unpackBits(Buffer.from([0b1010_0101, 0b11]), 10))).toEqual(Buffer.from([0b1010_0101, 0b11]));
  });
});

describe("YBR_FULL", () => {
  // ITU-T T.871 §7: red is 76, 85, 255 in 8 bits (rounded), grey has 128 for its chrominance.
  it("becomes RGB", () => {
    const shape = shapeOf({ samplesPerPixel: 3, photometricInterpretation: "YBR_FULL", columns: 3 });
    const rgb = ybrToRgb({ shape, bytes: Buffer.from([76, 85, 255, 200, 128, 128, 29, 255, 107]) });
    expect([...rgb.bytes]).toEqual([254, 0, 0, 200, 200, 200, 0, 0, 254]);
    expect(rgb.shape.photometricInterpretation).toBe("RGB");
  });

  it("of 12 bits too", () => {
    const shape = shapeOf({ samplesPerPixel: 3, bitsAllocated: 16, bitsStored: 12, columns: 1 });
    expect(ybrToRgb({ shape, bytes: words(1000, 2048, 2048) }).bytes).toEqual(words(1000, 1000, 1000));
  });
});

describe("samples of a code stream", () => {
  const stream = { rows: 1, columns: 2, samplesPerPixel: 1, precision: 8, signed: false };

  it("are widened to what the image announces, with their sign", () => {
    const shape = shapeOf({ bitsAllocated: 16, bitsStored: 8 });
    expect(fitSamples(Buffer.from([1, 255]), stream, shape).bytes).toEqual(words(1, 255));
    expect(fitSamples(Buffer.from([1, 255]), { ...stream, signed: true }, shape).bytes).toEqual(words(1, -1));
  });

  it("change the image when it has no room for them", () => {
    const fitted = fitSamples(words(1, 4095), { ...stream, precision: 12 }, shapeOf({}));
    expect(fitted.shape).toMatchObject({ bitsAllocated: 16, bitsStored: 12, highBit: 11 });
  });

  it("of a smaller image go to the upper left", () => {
    const shape = shapeOf({ rows: 2, columns: 3 });
    expect([...fitSamples(Buffer.from([8, 9]), stream, shape).bytes]).toEqual([8, 9, 0, 0, 0, 0]);
  });

  it("of a larger image, or with other components, are refused before memory is taken", () => {
    const shape = shapeOf({ rows: 1, columns: 2 });
    for (const more of [{ rows: 65_535 }, { columns: 65_535 }, { samplesPerPixel: 3 }, { rows: 0 }]) {
      const check = () => checkStream({ ...stream, ...more }, shape);
      expect(check).toThrow(expect.objectContaining({ errorName: "BadFileFormat" }));
    }
  });
});

describe("significant bits", () => {
  const shape = shapeOf({ bitsAllocated: 16, bitsStored: 12 });

  it.each([
    ["BitsStored", words(0, 4095), false, 12],
    ["all, with dirt above", words(0, 4096), false, 16],
    ["BitsStored, where the sign goes on", words(-2048, 2047), true, 12],
    ["all, where it does not", words(0, 4095), true, 16],
  ] as const)("are %s", (_, bytes, signed, bits) => {
    expect(significantBits({ bytes, shape: { ...shape, signed } })).toBe(bits);
  });

  it("of words are 9 at least", () => {
    expect(significantBits({ bytes: words(0, 1), shape: { ...shape, bitsStored: 8 } })).toBe(9);
  });
});
