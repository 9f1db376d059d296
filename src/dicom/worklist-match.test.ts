import { describe, expect, it } from "vitest";
import { SpecificCharacterSet } from "./charset.ts";
import type { Dataset } from "./dataset.ts";
import { datasetFromJson } from "./from-orthanc-json.ts";
import { toOrthancJson } from "./orthanc-json.ts";
import { parseDicom } from "./parse.ts";
import { worklistMatcher } from "./worklist-match.ts";
import { writeDicom } from "./write.ts";

const dataset = (tags: object, charset = SpecificCharacterSet.default): Dataset => datasetFromJson(tags, { charset });

/** Two steps of one procedure, as PS3.4 Table K.6-1 arranges them. */
const worklist = dataset({
  SpecificCharacterSet: "ISO_IR 100",
  AccessionNumber: "A1",
  ReferencedStudySequence: [],
  PatientName: "Dö^Jörg",
  PatientID: "P1",
  PatientBirthDate: "",
  PatientWeight: "61.5",
  PregnancyStatus: 4,
  Allergies: String.raw`Latex\ Penicillin`,
  StudyInstanceUID: "1.2.3",
  ScheduledProcedureStepSequence: [
    {
      Modality: "CT",
      ScheduledStationAETitle: String.raw`CT1\CT2`,
      ScheduledProcedureStepStartDate: "20300115",
      ScheduledProcedureStepStartTime: "0830",
      ScheduledProtocolCodeSequence: [{ CodeValue: "C1", CodingSchemeDesignator: "99X" }],
      ScheduledProcedureStepID: "S1",
    },
    {
      Modality: "MR",
      ScheduledStationAETitle: "MR1",
      ScheduledProcedureStepStartDate: "20300117",
      ScheduledProcedureStepStartTime: "1400",
      ScheduledProtocolCodeSequence: [{ CodeValue: "C2", CodingSchemeDesignator: "99X" }],
      ScheduledProcedureStepID: "S2",
    },
  ],
});

/** The answer as Orthanc prints it. */
function answer(query: object, options = { caseSensitivePersonNames: false }): object | undefined {
  const found = worklistMatcher(dataset(query, SpecificCharacterSet.utf8), options)(worklist);
  return found === undefined ? undefined : toOrthancJson(found, "simple");
}
const isMatch = (query: object): boolean => answer(query) !== undefined;
const step = (keys: object) => ({ ScheduledProcedureStepSequence: [keys] });

describe("worklistMatcher (PS3.4 §C.2.2.2)", () => {
  it.each([
    ["single value", { PatientID: "P1" }, { PatientID: "P2" }],
    ["single value with regard to case", { PatientID: "P1" }, { PatientID: "p1" }],
    ["padding", { PatientID: " P1 " }, { PatientID: "P 1" }],
    ["person names without", { PatientName: "DÖ^JÖRG" }, { PatientName: "DO^JORG" }],
    ["list of UIDs", { StudyInstanceUID: ["1.2.2", "1.2.3"] }, { StudyInstanceUID: ["1.2", "1.2.33"] }],
    ["universal", { PatientComments: "", PatientBirthDate: "" }, { PatientComments: "x" }],
    ["wildcards", { PatientName: "d?^j*g" }, { PatientName: "?^j*g" }],
    ["wildcard of everything, but not of nothing", { PatientID: "*" }, { PatientComments: "*" }],
    ["wildcard of an empty value", { PatientBirthDate: "" }, { PatientBirthDate: "-20991231" }],
    ["one of several values", { Allergies: "Penicillin" }, { Allergies: "Pen" }],
    ["decimal", { PatientWeight: "61.5" }, { PatientWeight: "61" }],
    ["binary number", { PregnancyStatus: 4 }, { PregnancyStatus: 3 }],
    ["sequence", step({ Modality: "MR" }), step({ Modality: "US" })],
    [
      "several keys",
      { ...step({ Modality: "MR" }), PatientID: "P1" },
      { ...step({ Modality: "MR" }), PatientID: "P2" },
    ],
    [
      "keys met by one item together",
      step({ Modality: "MR", ScheduledStationAETitle: "MR1" }),
      step({ Modality: "MR", ScheduledStationAETitle: "CT1" }),
    ],
    [
      "sequence in a sequence",
      step({ ScheduledProtocolCodeSequence: [{ CodeValue: "C2" }] }),
      step({ Modality: "CT", ScheduledProtocolCodeSequence: [{ CodeValue: "C2" }] }),
    ],
    [
      "dates",
      step({ ScheduledProcedureStepStartDate: "20300116-" }),
      step({ ScheduledProcedureStepStartDate: "20300116" }),
    ],
    [
      "period of dates and times",
      step({ ScheduledProcedureStepStartDate: "20300115-20300116", ScheduledProcedureStepStartTime: "0700-0800" }),
      step({ ScheduledProcedureStepStartDate: "20300115-20300116", ScheduledProcedureStepStartTime: "0900-0930" }),
    ],
    [
      "a day and a range of its times",
      step({ ScheduledProcedureStepStartDate: "20300115", ScheduledProcedureStepStartTime: "0800-0900" }),
      step({ ScheduledProcedureStepStartDate: "20300115", ScheduledProcedureStepStartTime: "1300-1500" }),
    ],
    ["absent sequence", { OtherPatientIDsSequence: [{ PatientID: "x" }] }, { PatientComments: "x" }],
    ["sequence without items", { ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "" }] }, { PatientID: "x" }],
    [
      "sequence without items, asked for a value",
      { ReferencedStudySequence: [] },
      { ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "1.2" }] },
    ],
    ["keys about the query", { QueryRetrieveLevel: "STUDY", TimezoneOffsetFromUTC: "+0100" }, { PatientID: "x" }],
    ["private creators", { "0029,0010": "ACME" }, { "0029,0010": "ACME", "0029,1001": "x" }],
  ])("%s", (_, matching, other) => {
    expect([isMatch(matching), isMatch(other)]).toEqual([true, false]);
  });

  it("compares person names with regard to case when told so", () => {
    const options = { caseSensitivePersonNames: true };
    expect(answer({ PatientName: "Dö^Jörg" }, options)).toBeDefined();
    expect(answer({ PatientName: "dö^jörg" }, options)).toBeUndefined();
  });

  it("compares texts of different character sets as they read", () => {
    const cyrillic = dataset({ SpecificCharacterSet: "ISO_IR 144", PatientName: "Щукин^Юрий" });
    const query = dataset({ SpecificCharacterSet: "ISO_IR 192", PatientName: "щукин*" });
    const found = worklistMatcher(query, { caseSensitivePersonNames: false })(cyrillic);
    expect(found?.get(0x00100010)?.value).toEqual(cyrillic.get(0x00100010)?.value);
    expect(found?.text(0x00080005)).toBe("ISO_IR 144");
  });

  it.each([
    [step({ ScheduledProcedureStepStartDate: "2030*" }), "ParameterOutOfRange"],
    [{ StudyInstanceUID: "1.2.*" }, "ParameterOutOfRange"],
    [{ ScheduledProcedureStepSequence: [{ Modality: "CT" }, { Modality: "MR" }] }, "BadRequest"],
  ])("refuses %j", (query, errorName) => {
    expect(() => answer(query)).toThrow(expect.objectContaining({ errorName }));
  });
});

describe("the answer", () => {
  it("has what the query asks for and the worklist has", () => {
    expect(answer({ PatientName: "", PatientComments: "", PatientBirthDate: "", AccessionNumber: "A*" })).toEqual({
      SpecificCharacterSet: "ISO_IR 100",
      AccessionNumber: "A1",
      PatientBirthDate: "",
      PatientName: "Dö^Jörg",
    });
  });

  it("has of sequences the items that match, with what was asked for", () => {
    const keys = { Modality: "CT", ScheduledProcedureStepID: "", ScheduledProtocolCodeSequence: [{ CodeValue: "" }] };
    expect(answer(step(keys))).toEqual({
      SpecificCharacterSet: "ISO_IR 100",
      ScheduledProcedureStepSequence: [
        { Modality: "CT", ScheduledProcedureStepID: "S1", ScheduledProtocolCodeSequence: [{ CodeValue: "C1" }] },
      ],
    });
    expect(answer(step({ Modality: "" }))).toEqual({
      SpecificCharacterSet: "ISO_IR 100",
      ScheduledProcedureStepSequence: [{ Modality: "CT" }, { Modality: "MR" }],
    });
  });

  it.each([[[]], [[{}]]])("has whole items where the query has %j", (items) => {
    const whole = toOrthancJson(worklist, "simple")["ScheduledProcedureStepSequence"];
    expect(answer({ ScheduledProcedureStepSequence: items })).toMatchObject({ ScheduledProcedureStepSequence: whole });
  });

  it("declares the character set that the server took for granted", () => {
    const silent = dataset({ PatientName: "Jörg" }, SpecificCharacterSet.parse("ISO_IR 100"));
    const query = dataset({ PatientName: "J*" });
    const found = worklistMatcher(query, { caseSensitivePersonNames: false })(silent);
    expect(found?.text(0x00080005)).toBe("ISO_IR 100");
  });

  it("can be written and read again", () => {
    const found = worklistMatcher(dataset(step({ Modality: "CT", ScheduledProcedureStepID: "" })), {
      caseSensitivePersonNames: false,
    })(worklist);
    if (found === undefined) throw new Error("expected a match");
    const file = writeDicom({ dataset: found }, { transferSyntaxUID: "1.2.840.10008.1.2" });
    expect(toOrthancJson(parseDicom(file).dataset, "simple")).toEqual(toOrthancJson(found, "simple"));
  });
});
