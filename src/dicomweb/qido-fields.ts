import type { Level } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";

/** The levels that QIDO-RS searches (PS3.18 §10.6). */
export type QidoLevel = Exclude<Level, "Patient">;

/** Attributes that every answer has where they are known (PS3.18 Tables 10.6.3-3 to 10.6.3-5, and Orthanc's additions). */
export const defaultFields: Readonly<Record<QidoLevel, readonly Tag[]>> = {
  Study: [
    0x00080020, // StudyDate
    0x00080030, // StudyTime
    0x00080050, // AccessionNumber
    0x00080061, // ModalitiesInStudy
    0x00080090, // ReferringPhysicianName
    0x00080201, // TimezoneOffsetFromUTC
    0x00100010, // PatientName
    0x00100020, // PatientID
    0x00100030, // PatientBirthDate
    0x00100040, // PatientSex
    0x0020000d, // StudyInstanceUID
    0x00200010, // StudyID
    0x00201206, // NumberOfStudyRelatedSeries
    0x00201208, // NumberOfStudyRelatedInstances
  ],
  Series: [
    0x00080060, // Modality
    0x00080201, // TimezoneOffsetFromUTC
    0x0008103e, // SeriesDescription
    0x0020000e, // SeriesInstanceUID
    0x00200011, // SeriesNumber
    0x00201209, // NumberOfSeriesRelatedInstances
    0x00400244, // PerformedProcedureStepStartDate
    0x00400245, // PerformedProcedureStepStartTime
    0x00400275, // RequestAttributesSequence
  ],
  Instance: [
    0x00080016, // SOPClassUID
    0x00080018, // SOPInstanceUID
    0x00080201, // TimezoneOffsetFromUTC
    0x00200013, // InstanceNumber
    0x00280008, // NumberOfFrames
    0x00280010, // Rows
    0x00280011, // Columns
    0x00280100, // BitsAllocated
  ],
};

export const StudyInstanceUID: Tag = 0x0020000d;
export const SeriesInstanceUID: Tag = 0x0020000e;
export const SOPInstanceUID: Tag = 0x00080018;

/** Attributes that are written for every match without being looked up. */
export const SpecificCharacterSet: Tag = 0x00080005;
export const InstanceAvailability: Tag = 0x00080056;
export const RetrieveURL: Tag = 0x00081190;
