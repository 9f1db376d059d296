import { describe, expect, it } from "vitest";
import type { Level } from "../catalog/catalog.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { parseTag } from "../dicom/dictionary.ts";
import { toOrthancJson } from "../dicom/orthanc-json.ts";
import type { Manufacturer } from "./modality.ts";
import { queryIdentifier } from "./query-identifier.ts";

const charset = SpecificCharacterSet.parse("ISO_IR 100");

interface Query {
  readonly level: Level;
  readonly keys?: Readonly<Record<string, string>>;
  readonly normalize?: boolean;
  readonly manufacturer?: Manufacturer;
}

function sent({ level, keys = {}, normalize = true, manufacturer = "Generic" }: Query): object {
  const byTag = new Map(Object.entries(keys).map(([name, value]): [number, string] => [parseTag(name) ?? 0, value]));
  const identifier = queryIdentifier(byTag, { level, normalize, manufacturer, charset });
  return toOrthancJson(identifier, "simple");
}

/** What Orthanc 1.10.1 sends for each level, seen by dcmqrscp. */
const SpecificCharacterSetOfAll = { SpecificCharacterSet: "ISO_IR 100" };
const patient = { ...SpecificCharacterSetOfAll, QueryRetrieveLevel: "PATIENT", PatientID: "" };
const study = { ...patient, QueryRetrieveLevel: "STUDY", AccessionNumber: "", StudyInstanceUID: "" };
const series = { ...study, QueryRetrieveLevel: "SERIES", SeriesInstanceUID: "" };
const instance = { ...series, QueryRetrieveLevel: "IMAGE", SOPInstanceUID: "" };

describe("queryIdentifier", () => {
  it.each([
    { query: { level: "Patient" }, expected: patient },
    { query: { level: "Study" }, expected: study },
    { query: { level: "Series" }, expected: series },
    { query: { level: "Instance" }, expected: instance },
  ] as const)("has what tells resources apart at $query.level", ({ query, expected }) => {
    expect(sent(query)).toEqual(expected);
  });

  it("leaves out what is foreign to the level, unless asked not to", () => {
    const keys = {
      PatientName: "*",
      StudyDate: "2020-",
      SeriesDescription: "x",
      ModalitiesInStudy: "CT",
      NumberOfStudyRelatedInstances: "",
      NumberOfPatientRelatedStudies: "",
      Rows: "5",
      QueryRetrieveLevel: "PATIENT",
    };
    const own = { PatientName: "*", StudyDate: "2020-", ModalitiesInStudy: "CT", NumberOfStudyRelatedInstances: "" };
    expect(sent({ level: "Study", keys })).toEqual({ ...study, ...own });
    expect(sent({ level: "Study", keys, normalize: false })).toEqual({
      ...study,
      ...own,
      SeriesDescription: "x",
      NumberOfPatientRelatedStudies: "",
      Rows: "5",
    });
    expect(sent({ level: "Patient", keys })).toEqual({
      ...patient,
      PatientName: "*",
      NumberOfPatientRelatedStudies: "",
    });
  });

  const wildcards = { PatientName: "*", StudyDate: "*", StudyTime: "*", PatientBirthDate: "*", StudyID: "A*" };

  it.each([
    { manufacturer: "Generic", expected: wildcards },
    { manufacturer: "Vitrea", expected: wildcards },
    { manufacturer: "GenericNoWildcardInDates", expected: { ...wildcards, StudyDate: "", PatientBirthDate: "" } },
    {
      manufacturer: "GenericNoUniversalWildcard",
      expected: { PatientName: "", StudyDate: "", StudyTime: "", PatientBirthDate: "", StudyID: "A*" },
    },
    {
      manufacturer: "GE",
      expected: { ...wildcards, PatientID: "*", AccessionNumber: "*", StudyInstanceUID: "*" },
    },
  ] as const)("is as $manufacturer wants it", ({ manufacturer, expected }) => {
    expect(sent({ level: "Study", keys: wildcards, manufacturer })).toEqual({ ...study, ...expected });
  });

  it("is in the character set that the query declares", () => {
    const keys = new Map([
      [0x00100010, "Жук"],
      [0x00080005, "ISO_IR 144"],
    ]);
    const identifier = queryIdentifier(keys, { level: "Study", normalize: true, manufacturer: "Generic", charset });
    // ISO 8859-5
    expect(identifier.get(0x00100010)?.value).toEqual(Buffer.from([0xb6, 0xe3, 0xda, 0x20]));
  });
});
