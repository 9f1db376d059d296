import type { Level } from "../catalog/catalog.ts";
import { hashIdentifiers } from "../dicom/identifiers.ts";
import type { ParsedDicom } from "../dicom/parse.ts";
import { tagWithComma, type Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import type { InstanceUids } from "./archive.ts";

const PatientID: Tag = 0x00100020;
const StudyInstanceUID: Tag = 0x0020000d;
const SeriesInstanceUID: Tag = 0x0020000e;
const SOPInstanceUID: Tag = 0x00080018;
const SOPClassUID: Tag = 0x00080016;
const MediaStorageSOPClassUID: Tag = 0x00020002;

/** Who an instance is: its DICOM identifiers and those of Orthanc. */
export interface Identity {
  readonly uids: InstanceUids;
  readonly identifiers: Readonly<Record<Level, string>>;
}

/** Reads the identifiers of an instance. Throws `InexistentTag` where a UID is absent, `BadFileFormat` where it is empty. */
export function identify({ dataset, meta }: Pick<ParsedDicom, "dataset" | "meta">): Identity {
  const uid = (tag: Tag, name: string): string => {
    const value = dataset.text(tag);
    if (value === undefined) throw new ServerError("InexistentTag", `${name} (${tagWithComma(tag)}) is missing`);
    if (value === "") throw new ServerError("BadFileFormat", `${name} (${tagWithComma(tag)}) is empty: expected a UID`);
    return value;
  };
  const uids: InstanceUids = {
    PatientID: dataset.text(PatientID) ?? "",
    StudyInstanceUID: uid(StudyInstanceUID, "StudyInstanceUID"),
    SeriesInstanceUID: uid(SeriesInstanceUID, "SeriesInstanceUID"),
    SOPInstanceUID: uid(SOPInstanceUID, "SOPInstanceUID"),
    SOPClassUID: dataset.text(SOPClassUID) ?? meta.text(MediaStorageSOPClassUID) ?? "",
  };
  return { uids, identifiers: hashIdentifiers(uids) };
}
