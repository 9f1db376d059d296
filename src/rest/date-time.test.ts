import { expect, test } from "vitest";
import { currentLocalTime, currentTime, utcDateWithFraction } from "./date-time.ts";

test("times of jobs are UTC, with microseconds unless zero", () => {
  expect(utcDateWithFraction(Date.UTC(2026, 10, 23, 8, 0, 14))).toBe("20261123T080014");
  expect(utcDateWithFraction(Date.UTC(2026, 10, 23, 8, 0, 14, 58))).toBe("20261123T080014.058000");
});

test("now has the same form in UTC and locally", () => {
  expect(currentTime()).toMatch(/^\d{8}T\d{6}$/);
  expect(currentLocalTime()).toMatch(/^\d{8}T\d{6}$/);
});
