import { describe, expect, it } from "vitest";
import { formatPersonName, parsePersonName } from "./person-name.ts";

describe("parsePersonName", () => {
  it("splits component groups", () => {
    expect(parsePersonName("Yamada^Tarou=山田^太郎=やまだ^たろう")).toEqual({
      Alphabetic: "Yamada^Tarou",
      Ideographic: "山田^太郎",
      Phonetic: "やまだ^たろう",
    });
    expect(parsePersonName("=山田")).toEqual({ Ideographic: "山田" });
    expect(parsePersonName("A=B=C=D")).toEqual({ Alphabetic: "A", Ideographic: "B", Phonetic: "C" });
  });
});

describe("formatPersonName", () => {
  it("joins them again", () => {
    expect(formatPersonName({ Alphabetic: "A^B" })).toBe("A^B");
    expect(formatPersonName({ Ideographic: "山田" })).toBe("=山田");
    expect(formatPersonName({ Alphabetic: "A", Phonetic: "C" })).toBe("A==C");
    expect(formatPersonName({})).toBe("");
  });
});
