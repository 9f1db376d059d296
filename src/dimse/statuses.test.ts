import { describe, expect, it } from "vitest";
import { isPending, statusText } from "./statuses.ts";

describe("statuses", () => {
  it.each([
    [0x0000, "0x0000 (Success)"],
    [0x0122, "0x0122 (SOP class not supported)"],
    [0xa700, "0xa700 (Out of resources)"],
    [0xa7ff, "0xa7ff (Out of resources)"],
    [0xa702, "0xa702 (Out of resources: unable to perform sub-operations)"],
    [0xa900, "0xa900 (Data set or identifier does not match SOP class)"],
    [0xb123, "0xb123 (Warning)"],
    [0xc001, "0xc001 (Cannot understand or unable to process)"],
    [0xfe00, "0xfe00 (Cancel)"],
    [0x1234, "0x1234 (Unknown status)"],
  ])("%i is printed with its name (PS3.7 Annex C, PS3.4 Tables B.2-1 and C.4-1)", (status, text) => {
    expect(statusText(status)).toBe(text);
  });

  it("more responses follow the pending ones only", () => {
    expect([0xff00, 0xff01, 0x0000, 0xfe00, 0xb000, 0xff02].map(isPending)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
