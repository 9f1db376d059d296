import type { Dataset } from "../../../src/dicom/dataset.ts";
import { tagHex } from "../../../src/dicom/tag.ts";
import { personName, type JsonDataset, type JsonElement } from "./json-dataset.ts";

export type SearchLevel = "study" | "series" | "instance";

/** An attribute that searches know. */
export interface SearchAttribute {
  readonly tag: number;
  readonly keyword: string;
  readonly vr: string;
  readonly level: SearchLevel;
  /** Answered without being asked for; others need `includefield`. */
  readonly standard: boolean;
  /** May be searched for, in this way. */
  readonly match?: "exact" | "range" | "name";
}

const row = (
  tag: number,
  keyword: string,
  vr: string,
  kind: Pick<SearchAttribute, "level" | "standard" | "match">,
): SearchAttribute => ({ tag, keyword, vr, ...kind });

const study = { level: "study", standard: true } as const;
const moreOfStudy = { level: "study", standard: false } as const;
const series = { level: "series", standard: true } as const;
const moreOfSeries = { level: "series", standard: false } as const;
const instance = { level: "instance", standard: true } as const;
const moreOfInstance = { level: "instance", standard: false } as const;

/** Google's whole vocabulary of searches, in the order of tags. */
export const searchAttributes: readonly SearchAttribute[] = [
  row(0x00080008, "ImageType", "CS", moreOfInstance),
  row(0x00080016, "SOPClassUID", "UI", instance),
  row(0x00080018, "SOPInstanceUID", "UI", { ...instance, match: "exact" }),
  row(0x00080020, "StudyDate", "DA", { ...study, match: "range" }),
  row(0x00080021, "SeriesDate", "DA", moreOfSeries),
  row(0x00080030, "StudyTime", "TM", study),
  row(0x00080031, "SeriesTime", "TM", moreOfSeries),
  row(0x00080050, "AccessionNumber", "SH", { ...study, match: "exact" }),
  row(0x00080060, "Modality", "CS", { ...series, match: "exact" }),
  row(0x00080070, "Manufacturer", "LO", moreOfSeries),
  row(0x00080080, "InstitutionName", "LO", moreOfSeries),
  row(0x00080090, "ReferringPhysicianName", "PN", { ...study, match: "exact" }),
  row(0x00080201, "TimezoneOffsetFromUTC", "SH", study),
  row(0x00081030, "StudyDescription", "LO", moreOfStudy),
  row(0x0008103e, "SeriesDescription", "LO", series),
  row(0x00100010, "PatientName", "PN", { ...study, match: "name" }),
  row(0x00100020, "PatientID", "LO", { ...study, match: "exact" }),
  row(0x00100030, "PatientBirthDate", "DA", study),
  row(0x00100040, "PatientSex", "CS", study),
  row(0x00101010, "PatientAge", "AS", moreOfStudy),
  row(0x00180015, "BodyPartExamined", "CS", moreOfSeries),
  row(0x0020000d, "StudyInstanceUID", "UI", { ...study, match: "exact" }),
  row(0x0020000e, "SeriesInstanceUID", "UI", { ...series, match: "exact" }),
  row(0x00200010, "StudyID", "SH", study),
  row(0x00200011, "SeriesNumber", "IS", moreOfSeries),
  row(0x00200013, "InstanceNumber", "IS", instance),
  row(0x00280008, "NumberOfFrames", "IS", instance),
  row(0x00280010, "Rows", "US", instance),
  row(0x00280011, "Columns", "US", instance),
  row(0x00280100, "BitsAllocated", "US", instance),
];

/** All search attributes of an object, in the JSON model. */
export function readSearchAttributes(dataset: Dataset): JsonDataset {
  const found = searchAttributes.filter((attribute) => dataset.has(attribute.tag));
  return Object.fromEntries(found.map((attribute) => [tagHex(attribute.tag), jsonElement(dataset, attribute)]));
}

function jsonElement(dataset: Dataset, { tag, vr }: SearchAttribute): JsonElement {
  const values = dataset.strings(tag).filter((value) => value !== "");
  if (values.length === 0) return { vr };
  if (vr === "PN") return { vr, Value: values.map(personName) };
  if (vr === "US" || vr === "IS") return { vr, Value: values.map(Number) };
  return { vr, Value: values };
}
