import { SpecificCharacterSet } from "../../src/dicom/charset.ts";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { datasetFromJson } from "../../src/dicom/from-orthanc-json.ts";
import { writeDicom } from "../../src/dicom/write.ts";

/** A dataset of Orthanc's tags, its text in UTF-8. */
export function tagsDataset(tags: object): Dataset {
  return datasetFromJson({ SpecificCharacterSet: "ISO_IR 192", ...tags }, { charset: SpecificCharacterSet.utf8 });
}

/** A DICOM file of Orthanc's tags, its text in UTF-8. */
export function tagsFile(tags: object): Buffer {
  return writeDicom({ dataset: tagsDataset(tags) }, { transferSyntaxUID: "1.2.840.10008.1.2.1" });
}

/** What each step has unless it says otherwise. */
const usualStep = {
  Modality: "CT",
  ScheduledStationAETitle: "CT1",
  ScheduledProcedureStepStartDate: "20300115",
  ScheduledProcedureStepStartTime: "0830",
};

/** The tags of a worklist, with one step of the usual kind by default. */
export function worklistTags(PatientID: string, ...steps: readonly object[]) {
  return {
    PatientID,
    PatientName: `Patient^${PatientID}`,
    StudyInstanceUID: `1.2.${PatientID.length}`,
    ScheduledProcedureStepSequence: (steps.length === 0 ? [{}] : steps).map((step) => ({ ...usualStep, ...step })),
  };
}
