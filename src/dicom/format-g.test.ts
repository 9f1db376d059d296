import { describe, expect, it } from "vitest";
import { formatG } from "./format-g.ts";

describe("formatG", () => {
  // What Orthanc 1.10.1 printed for these values.
  it.each([
    [1.5, "1.5"],
    [0.1, "0.10000000000000001"],
    [-2.25e100, "-2.2500000000000002e+100"],
    [Infinity, "inf"],
    [Math.fround(325.918), "325.91799926757812"],
    [Math.fround(-0.75039572), "-0.75039571523666382"],
  ])("%d", (value, text) => {
    expect(formatG(value)).toBe(text);
  });

  // As C's printf("%.17g") has them.
  it.each([
    [0, "0"],
    [-0, "-0"],
    [100, "100"],
    [1e16, "10000000000000000"],
    [1e17, "1e+17"],
    [0.0001, "0.0001"],
    [0.00001, "1.0000000000000001e-05"],
    [5e-324, "4.9406564584124654e-324"],
    [-Infinity, "-inf"],
    [Number.NaN, "nan"],
  ])("%d", (value, text) => {
    expect(formatG(value)).toBe(text);
  });
});
