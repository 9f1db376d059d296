import { describe, expect, it } from "vitest";
import { parseAccept } from "./accept.ts";
import { parseMediaType } from "./media-type.ts";

describe("parseMediaType", () => {
  it("reads type and parameters, quoted or not", () => {
    const text = 'Multipart/Related; TYPE="application/dicom"; boundary=a-b; transfer-syntax=1.2.840.10008.1.2.1';
    expect(parseMediaType(text)).toEqual({
      type: "multipart/related",
      parameters: { type: "application/dicom", boundary: "a-b", "transfer-syntax": "1.2.840.10008.1.2.1" },
    });
  });

  it("forgives stray signs and keeps separators inside quotes", () => {
    expect(parseMediaType(' a/b ;; x ; y= ; z="a;b\\"c" ; z=2; open="q').parameters).toEqual({
      x: "",
      y: "",
      z: 'a;b"c',
      open: "q",
    });
    expect(parseMediaType("")).toEqual({ type: "", parameters: {} });
    expect(parseMediaType("a/b; __proto__=x; constructor=y").parameters).toEqual({ constructor: "y" });
  });
});

describe("parseAccept", () => {
  it("puts the preferred first, keeps the order of equals, and drops q from the parameters", () => {
    const header = 'text/*;q=0.3, text/html;Q=0.7;level=1, */*;q=0.5, a/b, multipart/related; type="x/y, z"';
    expect(parseAccept(header)).toEqual([
      { type: "a/b", parameters: {}, q: 1 },
      { type: "multipart/related", parameters: { type: "x/y, z" }, q: 1 },
      { type: "text/html", parameters: { level: "1" }, q: 0.7 },
      { type: "*/*", parameters: {}, q: 0.5 },
      { type: "text/*", parameters: {}, q: 0.3 },
    ]);
  });

  it("accepts everything without a header, and takes unreadable weights for 1", () => {
    const anything = [{ type: "*/*", parameters: {}, q: 1 }];
    expect(parseAccept(undefined)).toEqual(anything);
    expect(parseAccept(" , ")).toEqual(anything);
    expect(parseAccept("*; q=2")).toEqual(anything);
    expect(parseAccept("a/b;q=0")).toEqual([{ type: "a/b", parameters: {}, q: 0 }]);
  });
});
