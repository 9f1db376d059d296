import { describe, expect, it } from "vitest";
import { isWithin, readSchedule, untilNextHour } from "./schedule.ts";

/** A time of the computer; 2026-11-23 is a Monday. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

describe("a schedule", () => {
  const schedule = readSchedule({ Monday: ["0-6", "22-24"], Sunday: ["0-24"] });

  it.each([
    [at(23, 0), true],
    [at(23, 5, 59), true],
    [at(23, 6), false],
    [at(23, 21, 59), false],
    [at(23, 23, 59), true],
    [at(24, 1), false],
    [at(29, 12), true],
  ])("has its hours (%i)", (now, expected) => {
    expect(isWithin(schedule, now)).toBe(expected);
  });

  it.each([
    [["0-6"], "expected days"],
    [{ Mon: ["0-6"] }, 'found "Mon"'],
    [{ Monday: "0-6" }, "Monday: expected an array"],
    [{ Monday: ["6-0"] }, 'Monday: expected hours such as "0-6", found "6-0"'],
    [{ Monday: ["0-25"] }, 'found "0-25"'],
    [{ Monday: [6] }, "found 6"],
    ["always", "expected an object"],
  ])("refuses %j", (value, details) => {
    expect(() => readSchedule(value)).toThrow(
      expect.objectContaining({ errorName: "ParameterOutOfRange", details: expect.stringContaining(details) }),
    );
  });

  it("knows how long the hour lasts", () => {
    expect(untilNextHour(at(23, 5, 45))).toBe(15 * 60_000);
    expect(untilNextHour(at(23, 5))).toBe(60 * 60_000);
  });
});
