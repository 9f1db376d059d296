import { describe, expect, it } from "vitest";
import { parseRetryAfter, retryDelay } from "./retry.ts";

describe("retryDelay", () => {
  it("doubles up to a minute, at least half of it at random", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((failures) => retryDelay(failures, 0) / 1000)).toEqual([
      0.5, 1, 2, 4, 8, 16, 30, 30,
    ]);
    expect(retryDelay(3, 0.5)).toBe(3000);
    expect(retryDelay(100, 0.999)).toBeLessThan(60_000);
  });

  it("never asks sooner than the server wants, up to an hour", () => {
    expect(retryDelay(1, 0.5, 20_000)).toBe(20_000);
    expect(retryDelay(7, 0.5, 20_000)).toBe(45_000);
    expect(retryDelay(1, 0.5, 1e12)).toBe(3_600_000);
  });
});

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");

  it.each([
    ["30", 30_000],
    [" 0 ", 0],
    ["Sun, 22 Nov 2026 12:02:00 GMT", 120_000],
    ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
    ["soon", undefined],
    [undefined, undefined],
  ])("%j", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});
