/** Arguments of findscu's `-k`: a C-FIND at a level. */
export interface FindQuery {
  readonly name: string;
  readonly level: "PATIENT" | "STUDY" | "SERIES" | "IMAGE" | "FOO" | undefined;
  readonly keys: readonly string[];
  /** Why Greyhaven answers otherwise than Orthanc 1.10.1 (sections are those of shared/reference/orthanc-behaviour.md). */
  readonly unlikeOrthanc?: string;
}

const study = ["PatientName", "PatientID", "StudyDate", "StudyTime", "AccessionNumber", "StudyInstanceUID", "StudyID"];
const counts = ["NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances"];
const charset = "SpecificCharacterSet=ISO_IR 192";

export const findQueries: readonly FindQuery[] = [
  { name: "all studies", level: "STUDY", keys: [...study, "StudyDescription", "ReferringPhysicianName"] },
  { name: "all patients", level: "PATIENT", keys: ["PatientName", "PatientID", "PatientBirthDate", "PatientSex"] },
  { name: "all series", level: "SERIES", keys: ["SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription"] },
  { name: "a patient", level: "STUDY", keys: [...study, "PatientID=DEV"] },
  { name: "a patient in the wrong case", level: "STUDY", keys: [...study, "PatientID=dev"] },
  { name: "a name in another case", level: "STUDY", keys: [...study, "PatientName=test^REGRESSION"] },
  { name: "a name with a wildcard", level: "STUDY", keys: [...study, "PatientName=te*"] },
  { name: "a name with question marks", level: "STUDY", keys: [...study, "PatientName=T?st*"] },
  { name: "any name", level: "STUDY", keys: [...study, "PatientName=*"] },
  { name: "a day", level: "STUDY", keys: [...study, "StudyDate=20180918"] },
  { name: "a range of days", level: "STUDY", keys: [...study, "StudyDate=20180101-20191231"] },
  { name: "days from", level: "STUDY", keys: [...study, "StudyDate=20190101-"] },
  {
    name: "days up to",
    level: "STUDY",
    keys: [...study, "StudyDate=-20031231"],
    unlikeOrthanc: "What has no date is in no range; for Orthanc its empty text is before all dates",
  },
  { name: "a range without ends", level: "STUDY", keys: [...study, "StudyDate=-"] },
  { name: "a range of times", level: "STUDY", keys: [...study, "StudyTime=10-13"] },
  { name: "wildcards in a date", level: "STUDY", keys: [...study, "StudyDate=2018*"] },
  { name: "wildcards in a UID", level: "STUDY", keys: ["StudyInstanceUID=1.3.12.*"] },
  { name: "two patients", level: "STUDY", keys: [...study, "PatientID=DEV\\PLASTIC"] },
  { name: "modalities", level: "STUDY", keys: [...study, "ModalitiesInStudy=CT"] },
  { name: "several modalities", level: "STUDY", keys: [...study, "ModalitiesInStudy=RTSTRUCT\\MR"] },
  {
    name: "computed attributes",
    level: "STUDY",
    keys: ["PatientID=DEV", ...counts, "ModalitiesInStudy", "SOPClassesInStudy"],
  },
  {
    name: "computed attributes of patients",
    level: "PATIENT",
    keys: [
      "PatientID=DEV",
      "NumberOfPatientRelatedStudies",
      "NumberOfPatientRelatedSeries",
      "NumberOfPatientRelatedInstances",
    ],
  },
  {
    name: "computed attributes of series",
    level: "SERIES",
    keys: ["PatientID=DEV", "SeriesInstanceUID", "NumberOfSeriesRelatedInstances"],
  },
  {
    name: "computed attributes of other levels",
    level: "STUDY",
    keys: ["PatientID=DEV", "NumberOfPatientRelatedStudies", "NumberOfSeriesRelatedInstances", "InstanceAvailability"],
  },
  {
    name: "a study's series",
    level: "SERIES",
    keys: [
      "StudyInstanceUID=1.3.12.2.1107.5.2.19.45160.30000018091720502193200000007",
      "SeriesInstanceUID",
      "Modality",
      "StudyDate",
      "PatientName",
    ],
  },
  {
    name: "instances",
    level: "IMAGE",
    keys: ["PatientID=DEV", "SOPInstanceUID", "SOPClassUID", "InstanceNumber"],
  },
  {
    name: "availability",
    level: "IMAGE",
    keys: ["PatientID=DEV", "SOPInstanceUID", "InstanceAvailability"],
    unlikeOrthanc: "§6.3: it is computed now",
  },
  {
    name: "attributes that are in files only",
    level: "IMAGE",
    keys: ["PatientID=DEV", "SOPInstanceUID", "Rows", "Columns", "SliceThickness", "ImageType"],
  },
  { name: "a condition on what is in files only", level: "STUDY", keys: [...study, "ManufacturerModelName=*Prisma*"] },
  {
    name: "the time zone is no condition",
    level: "STUDY",
    keys: [...study, "PatientID=DEV", "TimezoneOffsetFromUTC=+0200"],
    unlikeOrthanc: "§6.3: the key is ignored; 1.10.1 compares it",
  },
  {
    name: "private attributes",
    level: "STUDY",
    keys: ["PatientID=DEV", "0029,0010=SIEMENS CSA HEADER", "0029,1008", "0051,1013"],
    unlikeOrthanc: "The VR is that of the file, not UN",
  },
  {
    name: "a private creator is no condition",
    level: "STUDY",
    keys: ["PatientID=DEV", "0009,0010=NOBODY", "StudyDate"],
    unlikeOrthanc: "The creator has VR LO, as PS3.5 §7.8.1 says, not UN",
  },
  {
    name: "sequences",
    level: "SERIES",
    keys: ["PatientID=DEV", "SeriesInstanceUID", "ReferencedImageSequence"],
  },
  { name: "letters with accents", level: "STUDY", keys: [charset, ...study, "PatientName=*Äneas*"] },
  { name: "letters with accents in another case", level: "STUDY", keys: [charset, ...study, "PatientName=buc^jÉrôme"] },
  { name: "letters of other alphabets", level: "STUDY", keys: [charset, ...study, "PatientName=Диона*"] },
  {
    name: "own title",
    level: "STUDY",
    keys: ["PatientID=DEV", "RetrieveAETitle"],
    unlikeOrthanc: "§6.3: always filled in; 1.10.1 left it empty when it was asked for",
  },
  { name: "no level", level: undefined, keys: ["PatientID=DEV"] },
  { name: "an unknown level", level: "FOO", keys: ["PatientID=DEV"] },
  { name: "nothing", level: "STUDY", keys: [...study, "PatientID=NOBODY"] },
];
