import { describe, expect, test } from "vitest";
import { contentRange, parseByteRange } from "./byte-range.ts";

describe("parseByteRange", () => {
  test.each([
    ["bytes=0-9", { start: 0, end: 10 }],
    ["bytes=5-", { start: 5, end: 100 }],
    ["bytes=-5", { start: 0, end: 6 }],
    ["bytes=99-99", { start: 99, end: 100 }],
  ])("%s", (header, range) => {
    expect(parseByteRange(header, 100)).toEqual(range);
  });

  test.each(["bytes=0-100", "bytes=100-", "bytes=5-4", "bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", ""])(
    "%j is refused",
    (header) => {
      expect(() => parseByteRange(header, 100)).toThrow(expect.objectContaining({ errorName: "BadRange" }));
    },
  );

  test("Content-Range counts the last byte in", () => {
    expect(contentRange({ start: 0, end: 10 }, 100)).toBe("bytes 0-9/100");
  });
});
