import { describe, expect, test } from "vitest";
import { expandVariables } from "./expand-variables.ts";

describe("expandVariables", () => {
  // What Orthanc 1.10.1 answers as Name in /system for the same text.
  test.each([
    ["[${NOPE}]", "[]"],
    ["[${WORLD}]", "[world]"],
    ["[${W2:-a}]", "[a]"],
    ["[${WORLD:-b}]", "[world]"],
    ["[${W2:-'c'}]", "[c]"],
    ["[${W2:-}]", "[]"],
    ["[${W-x}]", "[]"],
    ["[${W2:-a-b/c:d}]", "[a-b/c:d]"],
    ["[$${WORLD}]", "[$world]"],
  ])("%s", (text, expected) => {
    expect(expandVariables(text, { WORLD: "world" }).text).toBe(expected);
  });

  test("a default between quotes may hold braces", () => {
    expect(expandVariables(`\${X:-'{"a": 1}'}`, {}).text).toBe(`{"a": 1}`);
  });

  test("variables without value and default are named once; those in comments do not count", () => {
    const text = '{ // ${COMMENT}\n "a": "${X}${X}", /* ${OTHER} */ "b": ${Y:-1} }';
    expect(expandVariables(text, {}).missing).toEqual(["X"]);
  });

  test("lines stay where they are", () => {
    const text = '{\n/* one\n two */\n"a": 1 // three\n}';
    expect(expandVariables(text, {}).text.split("\n")).toHaveLength(5);
  });

  test("comment signs within strings are no comments", () => {
    expect(expandVariables('{"Url": "http://host/*x*/"}', {}).text).toBe('{"Url": "http://host/*x*/"}');
  });
});
