import { expect, test } from "vitest";
import type { RequestedTags } from "../archive/find.ts";
import { requestedTagsJson } from "./requested-tags-json.ts";

// A sequence in the DICOM JSON model (PS3.18 §F.2.2), as it should look in Orthanc's formats of datasets.
const values: RequestedTags = {
  "00080060": "CT",
  "00400275": [
    {
      "00400007": { vr: "LO", Value: ["Head", null, "Neck"] },
      "00081048": { vr: "PN", Value: [{ Alphabetic: "A^B", Phonetic: "P" }] },
      "00280010": { vr: "US", Value: [512] },
      "00420011": { vr: "OB", InlineBinary: "AA==" },
      "00400008": { vr: "SQ", Value: [{ "00080100": { vr: "SH" } }] },
    },
  ],
};

test("by name", () => {
  expect(requestedTagsJson(values, "simple")).toEqual({
    Modality: "CT",
    RequestAttributesSequence: [
      {
        ScheduledProcedureStepDescription: "Head\\\\Neck",
        PhysiciansOfRecord: "A^B==P",
        Rows: "512",
        EncapsulatedDocument: null,
        ScheduledProtocolCodeSequence: [{ CodeValue: "" }],
      },
    ],
  });
});

test("by number, with name and type", () => {
  expect(requestedTagsJson({ "00080060": "CT" }, "short")).toEqual({ "0008,0060": "CT" });
  expect(requestedTagsJson(values, "full")).toMatchObject({
    "0008,0060": { Name: "Modality", Type: "String", Value: "CT" },
    "0040,0275": {
      Name: "RequestAttributesSequence",
      Type: "Sequence",
      Value: [
        {
          "0040,0008": { Type: "Sequence", Value: [{ "0008,0100": { Name: "CodeValue", Type: "String", Value: "" } }] },
          "0042,0011": { Name: "EncapsulatedDocument", Type: "Null", Value: null },
        },
      ],
    },
  });
});
