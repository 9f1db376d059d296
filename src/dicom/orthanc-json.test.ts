import { describe, expect, it } from "vitest";
import { buildDataset } from "./build-dataset.ts";
import { toOrthancJson } from "./orthanc-json.ts";

const example = buildDataset([
  { tag: 0x00080005, value: "ISO_IR 192" },
  { tag: 0x00090010, value: "CORPUS ALL VR" },
  { tag: 0x00091012, vr: "AT", value: ["00100010", "00100020"] },
  { tag: 0x00091017, vr: "FD", value: [1.5, -2.25e100, Infinity] },
  { tag: 0x0009101c, vr: "OB", value: Buffer.of(1, 2) },
  { tag: 0x00091025, vr: "SQ", value: [buildDataset([{ tag: 0x00080100, value: "X" }])] },
  { tag: 0x00100010, value: "Müller^Jörg" },
  { tag: 0x00100040, value: "" },
  { tag: 0x00280010, vr: "US", value: [] },
  { tag: 0x00281101, vr: "US", value: [0, 65535] },
  { tag: 0x00104000, value: "é".repeat(129) },
]);

describe("toOrthancJson", () => {
  // As Orthanc 1.10.1 answers /instances/{id}/tags for such attributes.
  it("gives the full form", () => {
    expect(toOrthancJson(example, "full")).toEqual({
      "0008,0005": { Name: "SpecificCharacterSet", Type: "String", Value: "ISO_IR 192" },
      "0009,0010": { Name: "PrivateCreator", Type: "String", Value: "CORPUS ALL VR" },
      "0009,1012": { Name: "Unknown Tag & Data", PrivateCreator: "CORPUS ALL VR", Type: "String", Value: "0010,0010" },
      "0009,1017": {
        Name: "Unknown Tag & Data",
        PrivateCreator: "CORPUS ALL VR",
        Type: "String",
        Value: "1.5\\-2.2500000000000002e+100\\inf",
      },
      "0009,101c": { Name: "Unknown Tag & Data", PrivateCreator: "CORPUS ALL VR", Type: "Null", Value: null },
      "0009,1025": {
        Name: "Unknown Tag & Data",
        Type: "Sequence",
        Value: [{ "0008,0100": { Name: "CodeValue", Type: "String", Value: "X" } }],
      },
      "0010,0010": { Name: "PatientName", Type: "String", Value: "Müller^Jörg" },
      "0010,0040": { Name: "PatientSex", Type: "String", Value: "" },
      "0010,4000": { Name: "PatientComments", Type: "TooLong", Value: null },
      "0028,0010": { Name: "Rows", Type: "Null", Value: null },
      "0028,1101": { Name: "RedPaletteColorLookupTableDescriptor", Type: "String", Value: "0\\65535" },
    });
  });

  it("gives the short form", () => {
    expect(toOrthancJson(example, "short")).toMatchObject({
      "0009,1025": [{ "0008,0100": "X" }],
      "0010,0010": "Müller^Jörg",
      "0010,4000": null,
    });
  });

  it("gives the simple form, in which attributes of one name hide each other", () => {
    const json = toOrthancJson(example, "simple");
    expect(json).toMatchObject({ PatientName: "Müller^Jörg", PatientSex: "", Rows: null });
    expect(json["Unknown Tag & Data"]).toEqual([{ CodeValue: "X" }]);
  });

  it("takes another limit of length, or none", () => {
    expect(toOrthancJson(example, "short", { maximumLength: 258 })["0010,4000"]).toBe("é".repeat(129));
    expect(toOrthancJson(example, "short", { maximumLength: 0 })["0010,4000"]).toBe("é".repeat(129));
    expect(toOrthancJson(example, "short", { maximumLength: 3 })["0010,0010"]).toBeNull();
  });

  it("does not mention the bytes of the file meta information", () => {
    const meta = buildDataset([
      { tag: 0x00020001, value: Buffer.of(0, 1) },
      { tag: 0x00020010, value: "1.2.840.10008.1.2" },
    ]);
    expect(toOrthancJson(meta, "full")).toEqual({
      "0002,0010": { Name: "TransferSyntaxUID", Type: "String", Value: "1.2.840.10008.1.2" },
    });
  });
});
