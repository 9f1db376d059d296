import type { JsonModelValue } from "../../src/dicom/json-model.ts";
import type { Truth, TruthAttribute } from "./truth.ts";

/** One attribute of `/instances/{id}/tags`. */
export interface FullTag {
  readonly Name: string;
  readonly Type: "String" | "Null" | "Sequence" | "TooLong" | "Binary";
  readonly Value: unknown;
}

/** The attributes that identify and the default main DICOM tags of each level (behaviour §2.2), by keyword. */
export const mainTags: Readonly<Record<string, string>> = {
  "00080012": "InstanceCreationDate",
  "00080013": "InstanceCreationTime",
  "00080016": "SOPClassUID",
  "00080018": "SOPInstanceUID",
  "00080020": "StudyDate",
  "00080021": "SeriesDate",
  "00080030": "StudyTime",
  "00080031": "SeriesTime",
  "00080050": "AccessionNumber",
  "00080060": "Modality",
  "00080070": "Manufacturer",
  "00080080": "InstitutionName",
  "00080090": "ReferringPhysicianName",
  "00080201": "TimezoneOffsetFromUTC",
  "00081010": "StationName",
  "00081030": "StudyDescription",
  "0008103E": "SeriesDescription",
  "00081070": "OperatorsName",
  "00100010": "PatientName",
  "00100020": "PatientID",
  "00100030": "PatientBirthDate",
  "00100040": "PatientSex",
  "00101000": "OtherPatientIDs",
  "00180010": "ContrastBolusAgent",
  "00180015": "BodyPartExamined",
  "00180024": "SequenceName",
  "00181030": "ProtocolName",
  "00181090": "CardiacNumberOfImages",
  "00181400": "AcquisitionDeviceProcessingDescription",
  "0020000D": "StudyInstanceUID",
  "0020000E": "SeriesInstanceUID",
  "00200010": "StudyID",
  "00200011": "SeriesNumber",
  "00200012": "AcquisitionNumber",
  "00200013": "InstanceNumber",
  "00200032": "ImagePositionPatient",
  "00200037": "ImageOrientationPatient",
  "00200100": "TemporalPositionIdentifier",
  "00200105": "NumberOfTemporalPositions",
  "00201002": "ImagesInAcquisition",
  "00204000": "ImageComments",
  "00280008": "NumberOfFrames",
  "00321032": "RequestingPhysician",
  "00321060": "RequestedProcedureDescription",
  "00400244": "PerformedProcedureStepStartDate",
  "00400245": "PerformedProcedureStepStartTime",
  "00400254": "PerformedProcedureStepDescription",
  "00540081": "NumberOfSlices",
  "00540101": "NumberOfTimeSlices",
  "00541000": "SeriesType",
  "00541330": "ImageIndex",
};

/** Orthanc's limit in bytes: longer texts are not given. */
const maximumLength = 256;

const numeric: ReadonlySet<string> = new Set(["DS", "IS", "US", "SS", "UL", "SL", "FL", "FD"]);

export interface ToldTags {
  /** Of `/tags`, by `gggg,eeee`. */
  readonly full: Readonly<Record<string, FullTag>>;
  /** Of `/simplified-tags`, by keyword. */
  readonly simplified: Readonly<Record<string, unknown>>;
}

/** What is wrong with a main tag that the server tells; undefined when it agrees with the truth. */
export function mainTagProblem(tag: string, truth: Truth, { full, simplified }: ToldTags): string | undefined {
  const expected = truth[tag];
  const given = full[`${tag.slice(0, 4)},${tag.slice(4)}`.toLowerCase()];
  if (expected === undefined && given === undefined) return undefined;
  if (expected === undefined || given === undefined) return `${tag} is there only on one side`;
  if (given.Name !== mainTags[tag]) return `${tag} is called ${given.Name}`;
  if (given.Value !== simplified[given.Name]) return `${given.Name}: simplified-tags say otherwise`;
  return isSame(expected, given) ? undefined : `${given.Name}: ${JSON.stringify([expected, given])}`;
}

function isSame(expected: TruthAttribute, { Type, Value }: FullTag): boolean {
  // The tool left the bytes of VR UN as they are; Orthanc reads those of known attributes.
  if (expected.vr === "UN") return true;
  if (expected.ValueUtf8Sha256 !== undefined) return Type === "TooLong";
  const values = expected.Value ?? [];
  const text = values.map(textOf).join("\\");
  if (Type === "TooLong") return Buffer.byteLength(text) > maximumLength;
  const given = typeof Value === "string" ? Value : "";
  if (expected.vr === "PN") return withoutPadding(threeGroups(given)) === withoutPadding(text);
  if (!numeric.has(expected.vr)) return withoutPadding(given) === withoutPadding(text);
  const numbers = given === "" ? [] : given.split("\\");
  return numbers.length === values.length && numbers.every((number, index) => isSameNumber(values[index], number));
}

function isSameNumber(expected: JsonModelValue | undefined, given: string): boolean {
  if (typeof expected !== "number") return textOf(expected ?? null).trim() === given.trim();
  return Math.abs(Number(given) - expected) <= 1e-8 * Math.abs(expected);
}

function textOf(value: JsonModelValue): string {
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  const { Alphabetic = "", Ideographic = "", Phonetic = "" } = value as Readonly<Record<string, string>>;
  return [Alphabetic, Ideographic, Phonetic].join("=");
}

/** A name has no more (PS3.5 §6.2.1.2): the truth is without the rest. */
function threeGroups(name: string): string {
  return name.split("=").slice(0, 3).join("=");
}

/** DCMTK drops the delimiters of empty components and groups at the end of names. */
function withoutPadding(text: string): string {
  return text.replaceAll(/[\^= ]+(?=\\|=|$)/g, "");
}
