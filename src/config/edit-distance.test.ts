import { describe, expect, test } from "vitest";
import { editDistance, nearest } from "./edit-distance.ts";

describe("editDistance", () => {
  test.each([
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["HttpPort", "httpport", 0],
    ["flaw", "lawn", 2],
  ])("%s and %s: %i", (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
    expect(editDistance(right, left)).toBe(distance);
  });
});

test("nearest takes the word with the fewest changes", () => {
  expect(nearest("HtpPort", ["HttpServerEnabled", "HttpPort", "Name"])).toBe("HttpPort");
  expect(nearest("anything", [])).toBeUndefined();
});
