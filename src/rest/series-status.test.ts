import { describe, expect, test } from "vitest";
import { parseInstanceNumber, seriesStatus } from "./series-status.ts";

describe("seriesStatus", () => {
  test.each([
    [["1", "2"], null, "Unknown"],
    [["1", "two"], 2, "Unknown"],
    [["1", null], 2, "Unknown"],
    [["1", "1"], 2, "Inconsistent"],
    [["0", "1"], 2, "Inconsistent"],
    [["1", "3"], 2, "Inconsistent"],
    [["2", "1"], 2, "Complete"],
    [["1"], 2, "Missing"],
    [[], 2, "Missing"],
  ] as const)("%j of %s is %s", (indexes, expected, status) => {
    expect(seriesStatus(indexes, expected)).toBe(status);
  });
});

describe("parseInstanceNumber", () => {
  test.each([
    ["12", 12],
    [" 7 ", 7],
    ["-1", -1],
    ["1.5", null],
    ["", null],
    [undefined, null],
  ] as const)("%j → %s", (text, number) => {
    expect(parseInstanceNumber(text)).toBe(number);
  });
});
