import type { Tag } from "../../dicom/tag.ts";
import type { Level } from "../catalog.ts";

/**
 * How a column is searched:
 * - `raw`: values of a restricted alphabet (UIDs, dates), compared and indexed as they are;
 * - `key`: a second column `<name>Key` holds the normalised value (`normalisedKey`) and is indexed;
 * - `scan`: no index.
 */
export type Search = "raw" | "key" | "scan";

/** A column that holds a main DICOM tag. Its name is the tag's keyword. */
export interface TagColumn {
  readonly tag: Tag;
  readonly name: string;
  readonly search: Search;
}

const column = (tag: Tag, name: string, search: Search = "scan"): TagColumn => ({ tag, name, search });

/** The main DICOM tags of a patient. Each study has its own copy of them: that is what its queries look at. */
const patientTags: readonly TagColumn[] = [
  column(0x00100010, "PatientName", "key"),
  column(0x00100020, "PatientID", "key"),
  column(0x00100030, "PatientBirthDate", "raw"),
  column(0x00100040, "PatientSex"),
  column(0x00101000, "OtherPatientIDs"),
];

/** The main DICOM tags that have columns, by level. Part of schema version 1: other tags go to the column `extraTags`. */
export const tagColumns: Readonly<Record<Level, readonly TagColumn[]>> = {
  Patient: patientTags,
  Study: [
    column(0x00080020, "StudyDate", "raw"),
    column(0x00080030, "StudyTime"),
    column(0x00080050, "AccessionNumber", "key"),
    column(0x00080080, "InstitutionName"),
    column(0x00080090, "ReferringPhysicianName"),
    column(0x00080201, "TimezoneOffsetFromUTC"),
    column(0x00081030, "StudyDescription", "key"),
    column(0x0020000d, "StudyInstanceUID", "raw"),
    column(0x00200010, "StudyID"),
    column(0x00321032, "RequestingPhysician"),
    column(0x00321060, "RequestedProcedureDescription"),
  ],
  Series: [
    column(0x00080021, "SeriesDate"),
    column(0x00080031, "SeriesTime"),
    column(0x00080060, "Modality"),
    column(0x00080070, "Manufacturer"),
    column(0x00080201, "TimezoneOffsetFromUTC"),
    column(0x00081010, "StationName"),
    column(0x0008103e, "SeriesDescription"),
    column(0x00081070, "OperatorsName"),
    column(0x00180010, "ContrastBolusAgent"),
    column(0x00180015, "BodyPartExamined"),
    column(0x00180024, "SequenceName"),
    column(0x00181030, "ProtocolName"),
    column(0x00181090, "CardiacNumberOfImages"),
    column(0x00181400, "AcquisitionDeviceProcessingDescription"),
    column(0x0020000e, "SeriesInstanceUID", "raw"),
    column(0x00200011, "SeriesNumber"),
    column(0x00200037, "ImageOrientationPatient"),
    column(0x00200105, "NumberOfTemporalPositions"),
    column(0x00201002, "ImagesInAcquisition"),
    column(0x00400244, "PerformedProcedureStepStartDate"),
    column(0x00400245, "PerformedProcedureStepStartTime"),
    column(0x00400254, "PerformedProcedureStepDescription"),
    column(0x00540081, "NumberOfSlices"),
    column(0x00540101, "NumberOfTimeSlices"),
    column(0x00541000, "SeriesType"),
  ],
  Instance: [
    column(0x00080012, "InstanceCreationDate"),
    column(0x00080013, "InstanceCreationTime"),
    column(0x00080018, "SOPInstanceUID", "raw"),
    column(0x00200012, "AcquisitionNumber"),
    column(0x00200013, "InstanceNumber"),
    column(0x00200032, "ImagePositionPatient"),
    column(0x00200037, "ImageOrientationPatient"),
    column(0x00200100, "TemporalPositionIdentifier"),
    column(0x00204000, "ImageComments"),
    column(0x00280008, "NumberOfFrames"),
    column(0x00541330, "ImageIndex"),
  ],
};

/**
 * Identifiers as they are indexed (behaviour of Orthanc): `%` and `_` become spaces, other than printable ASCII is dropped, letters
 * become upper case, spaces at both ends go.
 */
export function normalisedKey(value: string): string {
  return value
    .replaceAll(/[%_]/g, " ")
    .replaceAll(/[^\x20-\x7e]/g, "")
    .toUpperCase()
    .trim();
}
