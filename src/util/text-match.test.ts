import { expect, it } from "vitest";
import { textMatcher, type TextMatch } from "./text-match.ts";

const wildcard = (pattern: string): TextMatch => ({ match: "wildcard", pattern });

it.each<[TextMatch, string, boolean]>([
  [wildcard("*"), "", true],
  [wildcard("A*C"), "ABC", true],
  [wildcard("A*C"), "AC", true],
  [wildcard("A?C"), "AC", false],
  [wildcard("A?C"), "A𝒳C", true],
  [wildcard("*a*b*"), "xxAyyBzz", true],
  [wildcard("a.c"), "abc", false],
  [wildcard("B*"), "A\\B1\\C", true],
  [{ match: "equal", value: "É" }, "é", true],
  [{ match: "equal", value: "A\\B" }, "A\\B", true],
  [{ match: "equal", value: "B" }, "A\\B", true],
  [{ match: "list", values: ["X", "b"] }, "A\\B", true],
  [{ match: "list", values: [] }, "A", false],
  [{ match: "range", from: "1", to: "2" }, "2", true],
  [{ match: "range", to: "2" }, "", false],
])("%o on %j: %s", (match, text, expected) => {
  expect(textMatcher(match, false)(text)).toBe(expected);
});

it("takes no exponential time", () => {
  expect(textMatcher(wildcard(`${"*a".repeat(200)}b`), true)("a".repeat(5000))).toBe(false);
});
