import {
  buildDataset,
  Dataset,
  datasetFromJson,
  generateUid,
  ServerError,
  SpecificCharacterSet,
  writeDicom,
  type Element,
  type Tag,
} from "../../plugin-api.ts";

export interface NewWorklist {
  /** By name or hexadecimal, as clients of Orthanc write them. */
  readonly tags: object;
  /** Accept tags without what a worklist needs at least. */
  readonly force: boolean;
  /** `SetStudyInstanceUidIfMissing` */
  readonly setStudyInstanceUid: boolean;
}

const Modality: Tag = 0x00080060;
const StudyInstanceUID: Tag = 0x0020000d;
const ScheduledProcedureStepSequence: Tag = 0x00400100;
const ScheduledProcedureStepStartDate: Tag = 0x00400002;

const explicitLittleEndian = "1.2.840.10008.1.2.1";
/** What DCMTK's `dump2dcm` calls the class of such files. */
const genericFileSopClass = "1.2.276.0.7230010.3.1.0.1";
const utf8 = SpecificCharacterSet.utf8;

/**
 * The DICOM file of a new worklist. Texts are in UTF-8 unless the tags have another character set. Throws `BadFileFormat` when the
 * first step lacks a modality or a date, and what `datasetFromJson` throws.
 */
export function worklistFile({ tags, force, setStudyInstanceUid }: NewWorklist): Buffer {
  const given = datasetFromJson(tags, { charset: utf8 });
  if (!force) checkStep(given);
  const dataset = withMissing(given, setStudyInstanceUid);
  const meta = buildDataset([
    { tag: 0x00020002, value: genericFileSopClass },
    { tag: 0x00020003, value: generateUid() },
  ]);
  return writeDicom({ dataset, meta }, { transferSyntaxUID: explicitLittleEndian });
}

function checkStep(dataset: Dataset): void {
  const [step] = dataset.items(ScheduledProcedureStepSequence);
  const isMissing = (tag: Tag) => step === undefined || step.strings(tag).every((value) => value === "");
  if (isMissing(Modality) || isMissing(ScheduledProcedureStepStartDate)) {
    throw new ServerError(
      "BadFileFormat",
      "ScheduledProcedureStepSequence: expected a first item with Modality and ScheduledProcedureStepStartDate",
    );
  }
}

function withMissing(dataset: Dataset, setStudyInstanceUid: boolean): Dataset {
  const charset = { tag: 0x00080005, value: utf8.value };
  const uid = { tag: StudyInstanceUID, value: generateUid() };
  const lacksUid = (dataset.text(StudyInstanceUID) ?? "") === "";
  const added = [...(dataset.has(charset.tag) ? [] : [charset]), ...(setStudyInstanceUid && lacksUid ? [uid] : [])];
  const elements = new Map<Tag, Element>([...dataset.elements, ...buildDataset(added).elements]);
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}
