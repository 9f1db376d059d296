import { describe, expect, it } from "vitest";
import { parseFrameList } from "./wado-frames.ts";

describe("parseFrameList", () => {
  it("reads numbers from 1", () => {
    expect(parseFrameList("1")).toEqual([1]);
    expect(parseFrameList("3,1,2")).toEqual([3, 1, 2]);
  });

  it.each(["0", "-1", "a", "1,,2", "1.5"])("refuses %s", (list) => {
    expect(() => parseFrameList(list)).toThrow("numbers from 1");
  });
});
