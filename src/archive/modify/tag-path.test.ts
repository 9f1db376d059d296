import { describe, expect, it } from "vitest";
import { matchesPath, parseTagPath } from "./tag-path.ts";
import { matchesPattern, parseTagPattern } from "./tag-pattern.ts";

describe("parseTagPath", () => {
  it.each([
    ["PatientName", { steps: [], tag: 0x00100010 }],
    ["0010,0020", { steps: [], tag: 0x00100020 }],
    ["0010-0020", { steps: [], tag: 0x00100020 }],
    ["00100020", { steps: [], tag: 0x00100020 }],
    ["ReferencedImageSequence[2].PatientName", { steps: [{ tag: 0x00081140, index: 2 }], tag: 0x00100010 }],
    [
      "0008,1115[*].ReferencedSOPSequence[0].00081155",
      {
        steps: [
          { tag: 0x00081115, index: undefined },
          { tag: 0x00081199, index: 0 },
        ],
        tag: 0x00081155,
      },
    ],
  ])("reads %s", (text, path) => {
    expect(parseTagPath(text)).toEqual(path);
  });

  it.each([
    ["Nope", "UnknownDicomTag", '"Nope"'],
    ["Nope[0].PatientName", "UnknownDicomTag", '"Nope" in "Nope[0].PatientName"'],
    ["ReferencedImageSequence[0]", "UnknownDicomTag", "ReferencedImageSequence[0]"],
    [
      "ReferencedImageSequence.PatientName",
      "ParameterOutOfRange",
      'expected an index, such as "ReferencedImageSequence[0]"',
    ],
    ["ReferencedImageSequence[x].PatientName", "ParameterOutOfRange", "[x] is no index"],
    ["ReferencedImageSequence[-1].PatientName", "ParameterOutOfRange", "[-1] is no index"],
    ["", "UnknownDicomTag", '""'],
  ])("refuses %s", (text, errorName, details) => {
    expect(() => parseTagPath(text)).toThrow(
      expect.objectContaining({ errorName, details: expect.stringContaining(details) }),
    );
  });

  it("means the items that its indices name", () => {
    const path = parseTagPath("ReferencedImageSequence[1].PatientName");
    expect(matchesPath(parseTagPath("0008,1140[*].PatientName"), path)).toBe(true);
    expect(matchesPath(parseTagPath("0008,1140[1].PatientName"), path)).toBe(true);
    expect(matchesPath(parseTagPath("0008,1140[0].PatientName"), path)).toBe(false);
    expect(matchesPath(parseTagPath("0008,1140[1].PatientID"), path)).toBe(false);
    expect(matchesPath(parseTagPath("PatientName"), path)).toBe(false);
  });
});

describe("parseTagPattern", () => {
  it("reads x for any digit of repeating groups", () => {
    const overlayData = parseTagPattern("60xx,3000");
    const curves = parseTagPattern("50xxxxxx");
    if (overlayData === undefined || curves === undefined) throw new Error("expected patterns");
    expect([0x60003000, 0x60ff3000].every((tag) => matchesPattern(overlayData, tag))).toBe(true);
    expect([0x60003001, 0x61003000, 0x5f003000].some((tag) => matchesPattern(overlayData, tag))).toBe(false);
    expect([0x50000000, 0x50ffffff].every((tag) => matchesPattern(curves, tag))).toBe(true);
  });

  it.each(["6000,3000", "PatientName", "60xx", "xylophone"])("leaves %s to others", (text) => {
    expect(parseTagPattern(text)).toBeUndefined();
  });
});
