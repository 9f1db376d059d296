import { hash } from "node:crypto";

/** Orthanc's identifiers of an instance and its ancestors. */
export interface OrthancIdentifiers {
  readonly Patient: string;
  readonly Study: string;
  readonly Series: string;
  readonly Instance: string;
}

/** What they are derived from, without padding; an absent PatientID is the empty string. */
export interface DicomIdentifiers {
  readonly PatientID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/** SHA-1 in lower-case hex, five groups of eight digits. */
function identifier(text: string): string {
  const hex = hash("sha1", text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16, 24)}-${hex.slice(24, 32)}-${hex.slice(32)}`;
}

/** Identifiers as Orthanc computes them: SHA-1 of the DICOM identifiers down to each level, joined by `|`. */
export function hashIdentifiers(uids: DicomIdentifiers): OrthancIdentifiers {
  const study = `${uids.PatientID}|${uids.StudyInstanceUID}`;
  const series = `${study}|${uids.SeriesInstanceUID}`;
  return {
    Patient: identifier(uids.PatientID),
    Study: identifier(study),
    Series: identifier(series),
    Instance: identifier(`${series}|${uids.SOPInstanceUID}`),
  };
}

/** Whether the text has the form of an identifier of Orthanc. */
export function isOrthancIdentifier(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/.test(text);
}
