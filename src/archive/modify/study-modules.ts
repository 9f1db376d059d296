import { Dataset } from "../../dicom/dataset.ts";
import { moduleTags } from "../../dicom/module-tags.ts";
import { toOrthancJson } from "../../dicom/orthanc-json.ts";
import { tagWithComma, type Tag } from "../../dicom/tag.ts";

/** The attributes of the modules of patients and studies (PS3.3 §C.7.1.1, §C.7.2.1): what all instances of a study share. */
export const studyModuleTags: ReadonlySet<Tag> = new Set([...moduleTags.Patient, ...moduleTags.Study]);

/** These attributes of a dataset, as clients write them in JSON, and those that it does not have. */
export function studyAttributes(dataset: Dataset): {
  readonly present: Readonly<Record<string, unknown>>;
  readonly absent: readonly string[];
} {
  const shared = [...dataset].filter(({ tag }) => studyModuleTags.has(tag));
  const present = toOrthancJson(new Dataset(shared, dataset.littleEndian, dataset.charset), "short", {
    maximumLength: 0,
  });
  return { present, absent: [...studyModuleTags].map(tagWithComma).filter((tag) => !Object.hasOwn(present, tag)) };
}
