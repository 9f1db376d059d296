import { describe, expect, it } from "vitest";
import type { JsonModel } from "./json-model.ts";
import { fromXmlModel, toXmlModel } from "./xml-model.ts";

const example: JsonModel = {
  "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
  "00081190": { vr: "UR", Value: ["https://host/studies?a=1&b=2"] },
  "00081199": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: ["1.2"] } }, {}] },
  "00081198": { vr: "SQ" },
  "00090010": { vr: "LO", Value: ["SOMEBODY"] },
  "00091001": { vr: "LO", Value: ["x", null, "y"] },
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Wang^XiaoDong", Ideographic: "王^小東" }] },
  "00201070": { vr: "IS", Value: [7] },
  "00280010": { vr: "US", Value: [512] },
  "7FE00010": { vr: "OW", BulkDataURI: "bulk/7fe00010" },
};

describe("toXmlModel", () => {
  const xml = toXmlModel(example);

  it("writes attributes as PS3.19 §A.1.5 has them", () => {
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<NativeDicomModel xmlns="http:\/\/dicom\.nema\.org\/PS3\.19\/models\/NativeDICOM"/,
    );
    expect(xml).toContain(
      '<DicomAttribute tag="00280010" vr="US" keyword="Rows"><Value number="1">512</Value></DicomAttribute>',
    );
    expect(xml).toContain(
      '<DicomAttribute tag="00091001" vr="LO" privateCreator="SOMEBODY"><Value number="1">x</Value>',
    );
    expect(xml).toContain('keyword="OtherStudyNumbers"');
    expect(xml).toContain("https://host/studies?a=1&amp;b=2");
    expect(xml).toContain('<BulkData uri="bulk/7fe00010"/>');
  });

  it("writes the components of names", () => {
    expect(xml).toContain(
      '<PersonName number="1"><Alphabetic><FamilyName>Wang</FamilyName><GivenName>XiaoDong</GivenName></Alphabetic>' +
        "<Ideographic><FamilyName>王</FamilyName><GivenName>小東</GivenName></Ideographic></PersonName>",
    );
  });

  it("is read back", () => {
    expect(fromXmlModel(xml)).toEqual(example);
  });
});

describe("fromXmlModel", () => {
  it("reads an answer to a store request as Google gives it", () => {
    const model = fromXmlModel(`<?xml version="1.0" encoding="UTF-8"?>
      <NativeDicomModel>
        <DicomAttribute tag="00081190" vr="UR" keyword="RetrieveURL">
          <Value number="1">https://healthcare.googleapis.com/v1/studies/1.2</Value>
        </DicomAttribute>
        <DicomAttribute tag="00081199" vr="SQ" keyword="ReferencedSOPSequence">
          <Item number="1">
            <DicomAttribute tag="00081155" vr="UI" keyword="ReferencedSOPInstanceUID"><Value number="1">1.2.3</Value></DicomAttribute>
            <DicomAttribute tag="00081197" vr="US" keyword="FailureReason"><Value number="1">272</Value></DicomAttribute>
          </Item>
        </DicomAttribute>
      </NativeDicomModel>`);
    expect(model).toEqual({
      "00081190": { vr: "UR", Value: ["https://healthcare.googleapis.com/v1/studies/1.2"] },
      "00081199": {
        vr: "SQ",
        Value: [{ "00081155": { vr: "UI", Value: ["1.2.3"] }, "00081197": { vr: "US", Value: [272] } }],
      },
    });
  });

  it.each([
    ["<html/>", "expected NativeDicomModel, found html"],
    ['<NativeDicomModel><DicomAttribute tag="x" vr="CS"/></NativeDicomModel>', 'tag "x" is none'],
    [
      '<NativeDicomModel><DicomAttribute tag="00080060" vr="ZZ"/></NativeDicomModel>',
      '00080060 has vr "ZZ", which is none',
    ],
    [
      '<NativeDicomModel><DicomAttribute tag="00080060" vr="CS"><b/></DicomAttribute></NativeDicomModel>',
      "unexpected element b",
    ],
  ])("refuses %s", (text, problem) => {
    expect(() => fromXmlModel(text)).toThrow(problem);
  });
});
