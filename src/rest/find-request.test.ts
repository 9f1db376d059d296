import { describe, expect, test } from "vitest";
import { readBodyFields } from "./body-fields.ts";
import { parseFindConditions, parseOrderBy } from "./find-request.ts";
import { createNumberedNames, systemMetadata } from "./numbered-names.ts";

const names = createNumberedNames(systemMetadata, { Comment: 1024 });
const parse = (body: unknown) => parseFindConditions(readBodyFields(body), names);
const order = (body: unknown) => parseOrderBy(readBodyFields(body), names);

describe("parseFindConditions", () => {
  test("the smallest search", () => {
    expect(parse({ Level: "Study", Query: {} })).toEqual({ level: "Study", attributes: [], caseSensitive: false });
    expect(parse({ Level: "instances" })).toMatchObject({ level: "Instance", attributes: [] });
  });

  test("attributes by keyword or number; empty values are no condition", () => {
    expect(
      parse({
        Level: "Study",
        Query: { PatientName: "A*", "0020,000d": "1.2", "00080020": "", Foo: "" },
        CaseSensitive: true,
      }),
    ).toEqual({
      level: "Study",
      attributes: [
        { tag: 0x00100010, value: "A*" },
        { tag: 0x0020000d, value: "1.2" },
      ],
      caseSensitive: true,
    });
  });

  test("the first parent wins", () => {
    expect(parse({ Level: "Instance", ParentSeries: "s", ParentStudy: "t" }).relatedTo).toEqual({
      level: "Study",
      publicId: "t",
    });
  });

  test("labels and metadata", () => {
    expect(
      parse({
        Level: "Study",
        Labels: ["a"],
        LabelsConstraint: "None",
        MetadataQuery: { Comment: "a*", "2000": "x\\y", RemoteAET: "PACS" },
      }),
    ).toMatchObject({
      labels: { labels: ["a"], constraint: "None" },
      metadata: [
        { metadata: 2000, match: { match: "list", values: ["x", "y"] } },
        { metadata: 1024, match: { match: "wildcard", pattern: "a*" } },
        { metadata: 3, match: { match: "equal", value: "PACS" } },
      ],
    });
    expect(parse({ Level: "Study", Labels: [] }).labels).toEqual({ labels: [], constraint: "All" });
  });

  // Codes as Debian's Orthanc 1.10.1 answered them.
  test.each([
    [{}, "BadRequest", "Level"],
    [{ Level: 3 }, "BadRequest", "Level"],
    [{ Level: "Foo" }, "ParameterOutOfRange", "Foo"],
    [{ Level: "Study", Query: [] }, "BadRequest", "Query"],
    [{ Level: "Study", Query: { PatientName: 1 } }, "BadRequest", "PatientName"],
    [{ Level: "Study", Query: { Foo: "1" } }, "UnknownDicomTag", "Foo"],
    [{ Level: "Study", CaseSensitive: "yes" }, "BadRequest", "CaseSensitive"],
    [{ Level: "Study", Labels: [1] }, "BadRequest", "Labels"],
    [{ Level: "Study", LabelsConstraint: "Some" }, "BadRequest", "LabelsConstraint"],
    [{ Level: "Study", ParentStudy: 1 }, "BadRequest", "ParentStudy"],
    [{ Level: "Study", MetadataQuery: { Nothing: "1" } }, "InexistentItem", "Nothing"],
    [[], "BadRequest", "object"],
    ["x", "BadRequest", "object"],
  ])("%j → %s naming %s", (body, errorName, word) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ errorName, details: expect.stringContaining(word) }));
  });
});

describe("parseOrderBy", () => {
  test("types and directions in any case", () => {
    expect(
      order({
        OrderBy: [
          { Type: "DicomTag", Key: "StudyDate", Direction: "DESC" },
          { Type: "dicomtagasint", Key: "0020,0013", Direction: "asc" },
          { Type: "MetadataAsFloat", Key: "Comment", Direction: "ASC" },
        ],
      }),
    ).toEqual([
      { key: { tag: 0x00080020 }, as: "text", descending: true },
      { key: { tag: 0x00200013 }, as: "integer", descending: false },
      { key: { metadata: 1024 }, as: "float", descending: false },
    ]);
    expect(order({})).toEqual([]);
  });

  test.each([
    [[1], "Type"],
    [[{ Type: "Tag", Key: "StudyDate", Direction: "ASC" }], "Type"],
    [[{ Type: "DicomTag", Key: "StudyDate", Direction: "UP" }], "Direction"],
    [[{ Type: "DicomTag", Direction: "ASC" }], "Key"],
    [[{ Type: "DicomTag", Key: "Foo", Direction: "ASC" }], "Foo"],
  ])("%j is refused", (OrderBy, word) => {
    expect(() => order({ OrderBy })).toThrow(
      expect.objectContaining({ errorName: "BadRequest", details: expect.stringContaining(word) }),
    );
  });
});
