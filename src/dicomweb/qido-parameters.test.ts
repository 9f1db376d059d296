import { describe, expect, it } from "vitest";
import { tagHex } from "../dicom/tag.ts";
import { parseQidoQuery, type QidoQuery } from "./qido-parameters.ts";

const parse = (text: string, path: { study?: string; series?: string } = {}): QidoQuery =>
  parseQidoQuery("Study", new URLSearchParams(text), path);

const instanceFields = (text: string): readonly string[] =>
  fieldsOf(parseQidoQuery("Instance", new URLSearchParams(text), { study: "1.2" }));

const fieldsOf = ({ fields }: QidoQuery): readonly string[] => fields.map(tagHex);

describe("parseQidoQuery", () => {
  it("reads attributes by keyword, by tag, and leaves out what nobody knows", () => {
    const { attributes } = parse("PatientID=A*&00080020=20200101-20201231&Nonsense=1&limit=3");
    expect(attributes).toEqual([
      { tag: 0x00100020, value: "A*" },
      { tag: 0x00080020, value: "20200101-20201231" },
    ]);
  });

  it("takes commas for lists and drops backslashes", () => {
    expect(parse("StudyInstanceUID=1.2%2C1.3&PatientID=a%5Cb").attributes).toEqual([
      { tag: 0x0020000d, value: String.raw`1.2\1.3` },
      { tag: 0x00100020, value: "ab" },
    ]);
  });

  it("returns an attribute without value, but does not match it", () => {
    const query = parse("StudyDescription=");
    expect(query.attributes).toEqual([]);
    expect(fieldsOf(query)).toContain("00081030");
  });

  it("returns the fields of PS3.18 Table 10.6.3-3, ascending, those written always left out", () => {
    expect(fieldsOf(parse(""))).toEqual([
      "00080020",
      "00080030",
      "00080050",
      "00080061",
      "00080090",
      "00080201",
      "00100010",
      "00100020",
      "00100030",
      "00100040",
      "0020000D",
      "00200010",
      "00201206",
      "00201208",
    ]);
  });

  it("adds includefield: lists, repeated, paths by their first attribute, unknown ones dropped", () => {
    const fields = fieldsOf(
      parse(
        "includefield=StudyDescription,00081032&includefield=RequestAttributesSequence.ScheduledProcedureStepID&includefield=all,Nonsense",
      ),
    );
    expect(fields).toEqual(expect.arrayContaining(["00081030", "00081032", "00400275"]));
    expect(fields).toHaveLength(14 + 3);
  });

  it("returns study fields for instances unless the study is an argument", () => {
    expect(instanceFields("")).toEqual(expect.arrayContaining(["00100010", "00080060", "00080018"]));
    expect(instanceFields("StudyInstanceUID=1.2")).not.toContain("00100010");
    expect(instanceFields("StudyInstanceUID=1.2")).toContain("0020000D");
  });

  it("matches the UIDs of the path", () => {
    const { attributes } = parse("StudyInstanceUID=9", { study: "1.2", series: "1.3" });
    expect(attributes).toEqual([
      { tag: 0x0020000d, value: "1.2" },
      { tag: 0x0020000e, value: "1.3" },
    ]);
  });

  it("reads limit and offset", () => {
    expect(parse("limit=100&offset=20")).toMatchObject({ limit: 100, offset: 20 });
    expect(parse("")).toMatchObject({ limit: 0, offset: 0 });
  });

  it.each(["limit=-1", "limit=a", "offset=1.5", "offset=", "fuzzymatching=yes"])("refuses %s", (text) => {
    expect(() => parse(text)).toThrow(/expected/);
  });

  it("accepts fuzzymatching", () => {
    expect(() => parse("fuzzymatching=true")).not.toThrow();
  });
});
