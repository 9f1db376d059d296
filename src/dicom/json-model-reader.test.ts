import { describe, expect, it } from "vitest";
import { fromJsonModel } from "./json-model-reader.ts";
import { toJsonModel } from "./json-model.ts";

const example = {
  "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
  "00080018": { vr: "UI", Value: ["1.2.3"] },
  "00081140": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: ["1.2"] } }, {}] },
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Wang^XiaoDong", Ideographic: "王^小東" }] },
  "00100020": { vr: "LO" },
  "00180050": { vr: "DS", Value: [1.5, null] },
  "00280010": { vr: "US", Value: [512] },
  "00280009": { vr: "AT", Value: ["00181063"] },
  "7FE00010": { vr: "OB", InlineBinary: "AQIDBA==" },
};

describe("fromJsonModel", () => {
  it("gives back what toJsonModel gave", () => {
    expect(toJsonModel(fromJsonModel(example))).toEqual(example);
  });

  it("declares UTF-8 where nothing is declared", () => {
    const dataset = fromJsonModel({ "00100010": { vr: "PN", Value: [{ Alphabetic: "Müller" }] } });
    expect(dataset.text(0x00080005)).toBe("ISO_IR 192");
    expect(dataset.get(0x00100010)?.value?.toString("utf8")).toBe("Müller ");
  });

  it("fetches bulk data", () => {
    const json = { "7FE00010": { vr: "OB", BulkDataURI: "a" } };
    const dataset = fromJsonModel(json, { bulkData: (uri) => (uri === "a" ? Buffer.of(1, 2) : undefined) });
    expect(dataset.get(0x7fe00010)?.value).toEqual(Buffer.of(1, 2));
    expect(() => fromJsonModel(json)).toThrow("/7FE00010: the bulk data is not at hand");
  });

  it.each([
    [[], "expected an object"],
    [{ PatientName: { vr: "PN" } }, "/PatientName: expected eight hexadecimal digits"],
    [{ "00100010": 5 }, "/00100010: expected an object"],
    [{ "00100010": { vr: "XX" } }, '/00100010: vr "XX" is none'],
    [{ "00100010": { vr: "PN", Value: "x" } }, "Value: expected an array"],
    [{ "00100010": { vr: "PN", Value: [{ Latin: "x" }] } }, '"Latin" is no group'],
    [{ "00081140": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: [{}] } }] } }, "/00081140/1/00081155"],
    [{ "00280010": { vr: "US", Value: [70000] } }, "0028,0010 of VR US: 70000 is not between 0 and 65535"],
    [{ "00280010": { vr: "US", Value: ["x"] } }, '"x" is no number'],
    [{ "7FE00010": { vr: "OB", InlineBinary: "a*b" } }, "expected base64"],
  ])("refuses %j", (json, problem) => {
    expect(() => fromJsonModel(json)).toThrow(problem);
  });
});
