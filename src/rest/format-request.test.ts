import { describe, expect, test } from "vitest";
import { readBodyFields } from "./body-fields.ts";
import {
  isExpanded,
  parseRequestedTags,
  resourceFormatOfQuery,
  sectionsOf,
  tagFormatOfBody,
  tagFormatOfQuery,
} from "./format-request.ts";

const query = (text: string) => new URLSearchParams(text);

describe("tag formats", () => {
  test("simplify, short and full only need to be there", () => {
    expect(tagFormatOfQuery(query("simplify=false"), "full")).toBe("simple");
    expect(tagFormatOfQuery(query("short"), "full")).toBe("short");
    expect(tagFormatOfQuery(query("full="), "simple")).toBe("full");
    expect(tagFormatOfQuery(query(""), "simple")).toBe("simple");
  });

  test("in a body they are Booleans", () => {
    expect(tagFormatOfBody(readBodyFields({ Short: true }), "simple")).toBe("short");
    expect(tagFormatOfBody(readBodyFields({ Full: false }), "simple")).toBe("simple");
    expect(() => tagFormatOfBody(readBodyFields({ Full: 1 }), "simple")).toThrow("Full");
  });
});

describe("resource formats", () => {
  test("requested tags in both spellings of the argument, without those of the file meta group", () => {
    expect(resourceFormatOfQuery(query("requested-tags=PatientID;0008,0060;00020010")).requestedTags).toEqual([
      0x00100020, 0x00080060,
    ]);
    expect(resourceFormatOfQuery(query("requestedTags=PatientID")).requestedTags).toEqual([0x00100020]);
    expect(() => parseRequestedTags(["Nothing"])).toThrow(expect.objectContaining({ errorName: "BadRequest" }));
  });

  test("response-content replaces the classical description, and expands", () => {
    const format = resourceFormatOfQuery(query("response-content=Labels;Children"));
    expect(format).toMatchObject({ classical: false, sections: new Set(["Labels", "Children"]) });
    expect(isExpanded(query("response-content=Labels&expand=false"), false)).toBe(true);
    expect(() => sectionsOf(["Nothing"])).toThrow(expect.objectContaining({ errorName: "ParameterOutOfRange" }));
  });

  test("expand is a Boolean, true when empty", () => {
    expect(isExpanded(query("expand"), false)).toBe(true);
    expect(isExpanded(query("expand=false"), true)).toBe(false);
    expect(isExpanded(query(""), true)).toBe(true);
    expect(() => isExpanded(query("expand=maybe"), true)).toThrow("maybe");
  });
});
