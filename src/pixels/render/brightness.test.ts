import { describe, expect, it } from "vitest";
import { type Window, windowBrightness, type WindowFunction } from "./brightness.ts";

const identity = { slope: 1, intercept: 0 };

/** As it is shown: cut off, without its fraction. */
function shown(kind: WindowFunction, window: Window, value: number, rescale = identity): number {
  return Math.floor(Math.min(255, Math.max(0, windowBrightness(kind, window, rescale)(value))));
}

describe("linear windows (PS3.3 §C.11.2.1.2.1)", () => {
  // The examples of the standard, in which x is shown as ymin up to one value and as ymax above another.
  it.each([
    { center: 2048, width: 4096, black: 0, white: 4095 },
    { center: 2048, width: 1, black: 2047, white: 2048 },
    { center: 0, width: 100, black: -50, white: 49 },
    { center: 0, width: 1, black: -1, white: 0 },
  ])("with center $center and width $width reach from $black to $white", ({ black, white, ...window }) => {
    expect([shown("linear", window, black), shown("linear", window, white)]).toEqual([0, 255]);
    expect(shown("linear", window, black + 1)).toBe(
      white === black + 1 ? 255 : Math.floor(255 / (white - black) + 0.5),
    );
  });

  it("are of rescaled values", () => {
    expect(shown("linear", { center: 40, width: 400 }, 1064, { slope: 1, intercept: -1024 })).toBe(128);
  });
});

describe("other windows", () => {
  it("are exact about the middle (PS3.3 §C.11.2.1.3.2)", () => {
    const window = { center: 100, width: 200 };
    expect([0, 50, 100, 150, 200].map((value) => shown("linear-exact", window, value))).toEqual([0, 64, 128, 191, 255]);
  });

  it("are curved (PS3.3 §C.11.2.1.3.1)", () => {
    const window = { center: 100, width: 40 };
    // 255 / (1 + e^-4(x - c)/w)
    expect([60, 90, 100, 110, 140].map((value) => shown("sigmoid", window, value))).toEqual([5, 69, 128, 186, 250]);
  });

  it("of Orthanc are never narrower than 1, nor have a slope of 0", () => {
    expect(shown("orthanc", { center: 10, width: -5 }, 10)).toBe(127);
    expect(shown("orthanc", { center: 10, width: -5 }, 11)).toBe(255);
    expect(shown("orthanc", { center: 200, width: 300 }, 1000, { slope: 0, intercept: 100 })).toBe(42);
  });
});
