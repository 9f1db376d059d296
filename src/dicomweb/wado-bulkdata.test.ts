import { describe, expect, it } from "vitest";
import { parseBulkdataPath } from "./wado-bulkdata.ts";

describe("parseBulkdataPath", () => {
  it("reads tags, and items that are counted from 1", () => {
    expect(parseBulkdataPath("7fe00010")).toEqual({ items: [], tag: 0x7fe00010 });
    expect(parseBulkdataPath("00081140/2/00091010")).toEqual({
      items: [{ sequence: 0x00081140, index: 2 }],
      tag: 0x00091010,
    });
  });

  it.each(["", "00081140/1", "00081140/0/00091010", "00081140/x/00091010", "x/1/00091010", "PixelData/1/x"])(
    "refuses %j",
    (path) => {
      expect(() => parseBulkdataPath(path)).toThrow("bulk data: expected");
    },
  );
});
