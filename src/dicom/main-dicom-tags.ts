import { ServerError } from "../util/errors.ts";
import { parseTag } from "./dictionary.ts";
import { tagWithComma, type Tag } from "./tag.ts";

/** The tags that are kept in the catalog at one level of the hierarchy. */
export interface MainDicomTags {
  readonly Patient: readonly Tag[];
  readonly Study: readonly Tag[];
  readonly Series: readonly Tag[];
  readonly Instance: readonly Tag[];
}

type Level = keyof MainDicomTags;

/** Orthanc's main DICOM tags (version 1.12.5 and later). Those of the patient are also kept with each study. */
export const defaultMainDicomTags: MainDicomTags = {
  Patient: [
    0x00100010, // PatientName
    0x00100030, // PatientBirthDate
    0x00100040, // PatientSex
    0x00101000, // OtherPatientIDs
    0x00100020, // PatientID
  ],
  Study: [
    0x00080020, // StudyDate
    0x00080030, // StudyTime
    0x00200010, // StudyID
    0x00081030, // StudyDescription
    0x00080050, // AccessionNumber
    0x0020000d, // StudyInstanceUID
    0x00321060, // RequestedProcedureDescription
    0x00080080, // InstitutionName
    0x00321032, // RequestingPhysician
    0x00080090, // ReferringPhysicianName
    0x00080201, // TimezoneOffsetFromUTC
  ],
  Series: [
    0x00080021, // SeriesDate
    0x00080031, // SeriesTime
    0x00080060, // Modality
    0x00080070, // Manufacturer
    0x00081010, // StationName
    0x0008103e, // SeriesDescription
    0x00180015, // BodyPartExamined
    0x00180024, // SequenceName
    0x00181030, // ProtocolName
    0x00200011, // SeriesNumber
    0x00181090, // CardiacNumberOfImages
    0x00201002, // ImagesInAcquisition
    0x00200105, // NumberOfTemporalPositions
    0x00540081, // NumberOfSlices
    0x00540101, // NumberOfTimeSlices
    0x0020000e, // SeriesInstanceUID
    0x00200037, // ImageOrientationPatient
    0x00541000, // SeriesType
    0x00081070, // OperatorsName
    0x00400254, // PerformedProcedureStepDescription
    0x00181400, // AcquisitionDeviceProcessingDescription
    0x00180010, // ContrastBolusAgent
    0x00080201, // TimezoneOffsetFromUTC
    0x00400244, // PerformedProcedureStepStartDate
    0x00400245, // PerformedProcedureStepStartTime
    0x00400275, // RequestAttributesSequence
  ],
  Instance: [
    0x00080012, // InstanceCreationDate
    0x00080013, // InstanceCreationTime
    0x00200012, // AcquisitionNumber
    0x00541330, // ImageIndex
    0x00200013, // InstanceNumber
    0x00280008, // NumberOfFrames
    0x00200100, // TemporalPositionIdentifier
    0x00080018, // SOPInstanceUID
    0x00200032, // ImagePositionPatient
    0x00204000, // ImageComments
    0x00200037, // ImageOrientationPatient
  ],
};

/** Tags that are added to the default ones, by level: keywords or `gggg,eeee` (Orthanc's `ExtraMainDicomTags`). */
export type ExtraMainDicomTags = Readonly<Partial<Record<Level, readonly string[]>>>;

function extended(level: Level, extra: ExtraMainDicomTags): readonly Tag[] {
  const added = (extra[level] ?? []).map((text) => {
    const tag = parseTag(text);
    if (tag === undefined) {
      throw new ServerError("ParameterOutOfRange", `ExtraMainDicomTags.${level}: "${text}" is no DICOM tag`);
    }
    return tag;
  });
  const twice = added.find((tag, at) => added.indexOf(tag) !== at);
  if (twice !== undefined) {
    throw new ServerError("MainDicomTagsMultiplyDefined", `ExtraMainDicomTags.${level}: ${tagWithComma(twice)}`);
  }
  return [...new Set([...defaultMainDicomTags[level], ...added])];
}

/**
 * The main DICOM tags of each level. A default tag named again in `extra` stays once. Throws `ParameterOutOfRange` for
 * what is no tag and `MainDicomTagsMultiplyDefined` for a tag that `extra` has twice.
 */
export function mainDicomTags(extra: ExtraMainDicomTags = {}): MainDicomTags {
  return {
    Patient: extended("Patient", extra),
    Study: extended("Study", extra),
    Series: extended("Series", extra),
    Instance: extended("Instance", extra),
  };
}

/** Orthanc's signature of a level's tags: sorted `gggg,eeee` joined by `;`. */
export function mainDicomTagsSignature(tags: readonly Tag[]): string {
  return tags.map(tagWithComma).sort().join(";");
}
