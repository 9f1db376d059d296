import type { Level, TagValues } from "../catalog/catalog.ts";
import { Dataset, type Element } from "../dicom/dataset.ts";
import { lookupTag } from "../dicom/dictionary.ts";
import { mainDicomTagsSignature, type MainDicomTags } from "../dicom/main-dicom-tags.ts";
import { toOrthancJson } from "../dicom/orthanc-json.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";

/** The main DICOM tags of one level, prepared for reading them from thousands of datasets. */
export interface MainTags {
  /** Those that are kept as text, with their keys in `TagValues`. */
  readonly texts: readonly { readonly tag: Tag; readonly key: string }[];
  /** Sequences: kept in the metadata `MainDicomSequences`. */
  readonly sequences: readonly Tag[];
  readonly signature: string;
}

export type MainTagsByLevel = Readonly<Record<Level, MainTags>>;

/** Prepares the tags of each level. */
export function prepareMainTags(tags: MainDicomTags): MainTagsByLevel {
  return {
    Patient: prepareLevel(tags.Patient),
    Study: prepareLevel(tags.Study),
    Series: prepareLevel(tags.Series),
    Instance: prepareLevel(tags.Instance),
  };
}

/** Whether the main DICOM tag is a sequence. */
export function isSequenceTag(tag: Tag): boolean {
  return lookupTag(tag)?.vr === "SQ";
}

function prepareLevel(tags: readonly Tag[]): MainTags {
  return {
    texts: tags.filter((tag) => !isSequenceTag(tag)).map((tag) => ({ tag, key: tagHex(tag) })),
    sequences: tags.filter(isSequenceTag),
    signature: mainDicomTagsSignature(tags),
  };
}

/** The values of one level's tags; those that the dataset does not have are left out. */
export function mainTagValues(dataset: Dataset, { texts }: MainTags): TagValues {
  const values: Record<string, string> = {};
  for (const { tag, key } of texts) {
    const value = dataset.text(tag);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** The metadata `MainDicomSequences` of one level as Orthanc writes it; undefined when the dataset has none of its sequences. */
export function mainSequences(dataset: Dataset, { sequences }: MainTags): string | undefined {
  const present = sequences
    .map((tag) => dataset.get(tag))
    .filter((element): element is Element => element !== undefined);
  if (present.length === 0) return undefined;
  const ordered = present.toSorted((left, right) => left.tag - right.tag);
  const Sequences = toOrthancJson(new Dataset(ordered, dataset.littleEndian, dataset), "full", { maximumLength: 0 });
  return JSON.stringify({ Version: 1, Sequences });
}
