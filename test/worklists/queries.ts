/** One query for the worklists of shared/data, with what other servers make of it that we do not. */
export interface WorklistQuery {
  readonly name: string;
  /** Orthanc's JSON. */
  readonly tags: object;
  /** Why Debian's Orthanc 1.10.1 answers otherwise. */
  readonly unlikeOrthanc?: string;
  /** Why DCMTK's wlmscpfs answers otherwise. */
  readonly unlikeDcmtk?: string;
}

const step = (keys: object) => ({ PatientName: "", ScheduledProcedureStepSequence: [keys] });
const utf8 = { SpecificCharacterSet: "ISO_IR 192" };

const asciiOnly = "1.10.1 answers in its default character set, without the letters that this does not have";
const allSteps = "wlmscpfs gives all steps of a procedure of which one matches, Orthanc the matching ones";
const fewKeys = "wlmscpfs ignores conditions on keys that it does not know";
const exactText = "wlmscpfs compares texts with regard to case, without wildcards but in names, and byte by byte";
const absentAsEmpty = "wlmscpfs takes attributes that are absent for empty ones, Orthanc leaves them out";
const expanded = "wlmscpfs fills empty sequences with all attributes that it knows";
const emptySequence =
  "Orthanc finds no item in an empty sequence, even for keys without value; PS3.4 §C.2.2.2.3 has these match everything";
const meaningOfTimes = "Orthanc compares times as text; 0830 is 083000 all the same";
const period = "Orthanc tests dates and times apart; PS3.4 Table K.6-1 makes one period of their ranges";
const oneOfSeveral = "1.10.1 finds no value among several";

export const worklistQueries: readonly WorklistQuery[] = [
  { name: "everything", tags: { PatientName: "", PatientID: "" }, unlikeOrthanc: asciiOnly },
  { name: "accession numbers", tags: { AccessionNumber: "", PatientID: "" }, unlikeDcmtk: absentAsEmpty },
  { name: "modality", tags: step({ Modality: "CT", ScheduledProcedureStepStartDate: "" }), unlikeDcmtk: allSteps },
  { name: "modality of one step", tags: step({ Modality: "US", ScheduledProcedureStepID: "" }) },
  { name: "second step", tags: step({ Modality: "MR", ScheduledProcedureStepID: "" }), unlikeDcmtk: allSteps },
  { name: "station", tags: step({ ScheduledStationAETitle: "US1" }) },
  { name: "station by wildcard", tags: step({ ScheduledStationAETitle: "US*" }), unlikeDcmtk: exactText },
  { name: "day", tags: step({ ScheduledProcedureStepStartDate: "20300131" }) },
  { name: "days", tags: step({ ScheduledProcedureStepStartDate: "20300130-20300201" }) },
  { name: "from a day", tags: step({ ScheduledProcedureStepStartDate: "20300120-" }) },
  { name: "to a day", tags: step({ ScheduledProcedureStepStartDate: "-20300114" }) },
  { name: "days by wildcard", tags: step({ ScheduledProcedureStepStartDate: "2030*" }) },
  { name: "time", tags: step({ ScheduledProcedureStepStartTime: "000000" }) },
  {
    name: "time without seconds",
    tags: { PatientID: "", ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartTime: "0830" }] },
    unlikeOrthanc: meaningOfTimes,
  },
  {
    name: "times",
    tags: { PatientID: "", ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartTime: "0000-0830" }] },
    unlikeOrthanc: meaningOfTimes,
  },
  {
    name: "days and times",
    tags: step({ ScheduledProcedureStepStartDate: "20300115-20300116", ScheduledProcedureStepStartTime: "0900-1300" }),
    unlikeOrthanc: period,
  },
  { name: "name", tags: { PatientName: "Clark^Eve" } },
  { name: "name without regard to case", tags: { PatientName: "CLARK^eve" }, unlikeDcmtk: exactText },
  { name: "name by wildcard", tags: { PatientName: "Clark*" } },
  { name: "name by single wildcards", tags: { PatientName: "o?neil*" } },
  { name: "name with wildcards in it", tags: { PatientName: "o*neil^a?b" } },
  {
    name: "Cyrillic name",
    tags: { SpecificCharacterSet: "ISO_IR 144", PatientName: "Щукин^Юрий" },
    unlikeOrthanc: asciiOnly,
  },
  {
    name: "Cyrillic name in UTF-8",
    tags: { ...utf8, PatientName: "Щукин^Юрий" },
    unlikeOrthanc: asciiOnly,
    unlikeDcmtk: exactText,
  },
  {
    name: "Japanese name in UTF-8",
    tags: { ...utf8, PatientName: "Yamada^Tarou=山田^太郎" },
    unlikeOrthanc: asciiOnly,
    unlikeDcmtk: exactText,
  },
  { name: "one component group of a name", tags: { PatientName: "Yamada^Tarou" } },
  { name: "patient", tags: { PatientID: "WL1", AccessionNumber: "" } },
  { name: "patient with regard to case", tags: { PatientID: "wl1" } },
  { name: "patient by wildcard", tags: { PatientID: "WL?" }, unlikeDcmtk: exactText },
  { name: "any accession number", tags: { AccessionNumber: "*", PatientID: "" }, unlikeDcmtk: absentAsEmpty },
  { name: "any requested procedure", tags: { RequestedProcedureID: "*", PatientID: "" } },
  {
    name: "list of studies",
    tags: { PatientID: "", StudyInstanceUID: ["2.25.140330828480229830916358423107819889756", "1.2.3"] },
    unlikeDcmtk: fewKeys,
  },
  { name: "weight", tags: { PatientWeight: "61.5", PatientID: "" } },
  { name: "pregnancy", tags: { PregnancyStatus: 4, PatientID: "" } },
  {
    name: "one of several values",
    tags: { Allergies: "Latex", PatientID: "" },
    unlikeOrthanc: oneOfSeveral,
    unlikeDcmtk: fewKeys,
  },
  {
    name: "several values",
    unlikeOrthanc: oneOfSeveral,
    tags: { Allergies: String.raw`Latex\Penicillin`, PatientID: "" },
    unlikeDcmtk: fewKeys,
  },
  {
    name: "sequence as a whole",
    tags: { PatientName: "Dean*", ScheduledProcedureStepSequence: [] },
    unlikeDcmtk: expanded,
  },
  {
    name: "item as a whole",
    tags: { PatientName: "Dean*", ScheduledProcedureStepSequence: [{}] },
    unlikeDcmtk: expanded,
  },
  {
    name: "two items",
    tags: { PatientName: "", ScheduledProcedureStepSequence: [{ Modality: "CT" }, { Modality: "MR" }] },
  },
  {
    name: "sequence that may be empty",
    unlikeDcmtk: expanded,
    tags: { PatientID: "", ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "" }] },
    unlikeOrthanc: emptySequence,
  },
  {
    name: "value in a sequence that may be empty",
    tags: { PatientID: "", ReferencedStudySequence: [{ ReferencedSOPClassUID: "1.2.840.10008.3.1.2.3.1" }] },
    unlikeDcmtk: fewKeys,
  },
  { name: "absent sequence", tags: { PatientID: "", OtherPatientIDsSequence: [{ PatientID: "X" }] } },
  { name: "absent attribute", tags: { PatientID: "", PatientComments: "" }, unlikeDcmtk: absentAsEmpty },
  { name: "value of an absent attribute", tags: { PatientID: "", PatientComments: "x" }, unlikeDcmtk: fewKeys },
  {
    name: "sequence in a sequence",
    tags: step({ Modality: "US", ScheduledProtocolCodeSequence: [{ CodeValue: "P1", CodeMeaning: "" }] }),
  },
];
