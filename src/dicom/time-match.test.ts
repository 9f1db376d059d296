import { describe, expect, it } from "vitest";
import { attributeMatch } from "./attribute-match.ts";
import { periodMatcher, timeMatcher } from "./time-match.ts";

const StudyDate = 0x00080020;
const StudyTime = 0x00080030;

function isMatch(vr: "DA" | "TM", key: string, value: string): boolean {
  const match = attributeMatch(vr === "DA" ? StudyDate : StudyTime, key);
  if (match === undefined) throw new Error(`${key} matches everything`);
  return timeMatcher(vr, match)(value);
}

describe("timeMatcher (PS3.4 §C.2.2.2.1, §C.2.2.2.5)", () => {
  it.each([
    { vr: "DA", key: "20300115", value: "20300115", matches: true },
    { vr: "DA", key: "20300115", value: "2030.01.15", matches: true },
    { vr: "DA", key: "20300115", value: "20300116", matches: false },
    { vr: "DA", key: "20300115-20300117", value: "20300115", matches: true },
    { vr: "DA", key: "20300115-20300117", value: "20300117", matches: true },
    { vr: "DA", key: "20300115-20300117", value: "20300118", matches: false },
    { vr: "DA", key: "20300115-", value: "20991231", matches: true },
    { vr: "DA", key: "-20300115", value: "20300116", matches: false },
    { vr: "DA", key: "-20300115", value: "", matches: false },
    { vr: "DA", key: String.raw`20300115\20300117`, value: "20300117", matches: true },
    { vr: "DA", key: String.raw`20300115\20300117`, value: "20300116", matches: false },
    { vr: "TM", key: "083000", value: "0830", matches: true },
    { vr: "TM", key: "0830", value: "083000.000", matches: true },
    { vr: "TM", key: "0830", value: "083015", matches: true },
    { vr: "TM", key: "083000", value: "083015", matches: false },
    { vr: "TM", key: "08:30:00", value: "083000", matches: true },
    { vr: "TM", key: "0700-0830", value: "083059.999999", matches: true },
    { vr: "TM", key: "0700-0830", value: "083100", matches: false },
    { vr: "TM", key: "0700-", value: "06", matches: false },
    { vr: "TM", key: "-07", value: "000000", matches: true },
    { vr: "TM", key: "-07", value: "0759", matches: true },
  ] as const)("$vr $key, $value: $matches", ({ vr, key, value, matches }) => {
    expect(isMatch(vr, key, value)).toBe(matches);
  });
});

/** The example of PS3.4 Table K.6-1: from July 5, 10 am, until July 7, 6 pm. */
const july = periodMatcher(
  { match: "range", from: "20300705", to: "20300707" },
  { match: "range", from: "1000", to: "1800" },
);

describe("periodMatcher (PS3.4 Table K.6-1)", () => {
  it.each([
    { date: "20300705", time: "095959", matches: false },
    { date: "20300705", time: "100000", matches: true },
    { date: "20300706", time: "0300", matches: true },
    { date: "20300707", time: "1800", matches: true },
    { date: "20300707", time: "1801", matches: false },
    { date: "", time: "1200", matches: false },
    { date: "20300706", time: "", matches: false },
  ])("$date $time: $matches", ({ date, time, matches }) => {
    expect(july(date, time)).toBe(matches);
  });

  it("is open where the dates are", () => {
    const since = periodMatcher({ match: "range", from: "20300705" }, { match: "range", to: "1200" });
    expect(since("20300705", "000000")).toBe(true);
    expect(since("20990101", "230000")).toBe(true);
    expect(since("20300704", "235959")).toBe(false);
  });
});
