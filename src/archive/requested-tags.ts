import type { FindInclude, FoundResource, Level } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { toJsonModel } from "../dicom/json-model.ts";
import { groupOf, tagHex, type Tag } from "../dicom/tag.ts";
import type { Archive } from "./archive.ts";
import { computedTags, SOPClassUID, type ComputedTag } from "./computed-tags.ts";
import { lowestUpTo, type TagLevels } from "./find-levels.ts";
import { readMainSequence, type SequenceItems } from "./main-sequences.ts";
import { isSequenceTag } from "./main-tags.ts";
import { metadataNumbers } from "./metadata-numbers.ts";

/** Values by eight hexadecimal digits: text (several values joined by `\`), or the items of a sequence. Absent ones are left out. */
export type RequestedTags = Readonly<Record<string, string | SequenceItems>>;

/** How the tags of a request are read from what the catalog finds at one level. */
export interface TagPlan {
  readonly level: Level;
  /** What the catalog has to be asked for. */
  readonly include: FindInclude;
  readonly mainTags: readonly { readonly key: string; readonly level: Level }[];
  readonly computed: readonly { readonly key: string; readonly read: ComputedTag["read"] }[];
  /** From the metadata `MainDicomSequences` of the level. */
  readonly sequences: readonly Tag[];
  /** From the file of one instance. */
  readonly inFile: readonly Tag[];
}

/** Plans where the values of `tags` come from. What has no meaning at this level, and group 0002, is left out. */
export function planTags(level: Level, tags: readonly Tag[], known: TagLevels): TagPlan {
  const mainTags: { key: string; level: Level }[] = [];
  const neededTags: Partial<Record<Level, Tag[]>> = {};
  const computed: { key: string; read: ComputedTag["read"] }[] = [];
  const sequences: Tag[] = [];
  const inFile: Tag[] = [];
  const includes: FindInclude[] = [];
  for (const tag of new Set(tags)) {
    const special = computedTags.get(tag);
    const home = lowestUpTo(level, known.get(tag) ?? []);
    if (special?.level === level) {
      computed.push({ key: tagHex(tag), read: special.read });
      includes.push(special.include);
    } else if (home === level && isSequenceTag(tag)) {
      sequences.push(tag);
      includes.push({ metadata: true });
    } else if (home !== undefined && !isSequenceTag(tag)) {
      mainTags.push({ key: tagHex(tag), level: home });
      (neededTags[home] ??= []).push(tag);
    } else if (isInFiles(tag)) {
      inFile.push(tag);
    }
  }
  if (inFile.length > 0 && level !== "Instance") includes.push({ oneInstance: true });
  const mainDicomTags = [...new Set(mainTags.map(({ level: home }) => home))];
  const include = Object.assign({ mainDicomTags, neededTags }, ...includes) as FindInclude;
  return { level, include, mainTags, computed, sequences, inFile };
}

/** Of what is computed, only SOPClassUID is an attribute of files too. */
function isInFiles(tag: Tag): boolean {
  return groupOf(tag) !== 2 && (tag === SOPClassUID || !computedTags.has(tag));
}

/** The values of a resource, and the file that some of them come from. */
export interface ReadTags {
  readonly requestedTags: RequestedTags;
  /** The header of one instance; undefined when none had to be read. */
  readonly file?: Dataset;
}

/** Reads the planned values of a resource that was found with `plan.include`. */
export async function readRequestedTags(
  archive: Pick<Archive, "header">,
  plan: TagPlan,
  resource: FoundResource,
): Promise<ReadTags> {
  const values = catalogTags(plan, resource);
  if (plan.inFile.length === 0) return { requestedTags: values };
  const instance = plan.level === "Instance" ? resource.publicId : resource.oneInstance;
  const header = instance === undefined ? undefined : await archive.header(instance);
  if (header === undefined) return { requestedTags: values };
  for (const tag of plan.inFile) {
    const value = fileTag(header.dataset, tag);
    if (value !== undefined) values[tagHex(tag)] = value;
  }
  return { requestedTags: values, file: header.dataset };
}

/** The part of the planned values that needs no file. */
export function catalogTags(plan: TagPlan, resource: FoundResource): Record<string, string | SequenceItems> {
  const values: Record<string, string | SequenceItems> = {};
  for (const { key, level } of plan.mainTags) {
    const value = resource.mainDicomTags?.[level]?.[key];
    if (value !== undefined) values[key] = value;
  }
  for (const { key, read } of plan.computed) {
    const value = read(resource);
    if (value !== undefined) values[key] = value;
  }
  const kept = plan.sequences.length === 0 ? undefined : resource.metadata?.[metadataNumbers.MainDicomSequences];
  for (const tag of kept === undefined ? [] : plan.sequences) {
    const items = readMainSequence(kept ?? "", tag);
    if (items !== undefined) values[tagHex(tag)] = items;
  }
  return values;
}

function fileTag(dataset: Dataset, tag: Tag): string | SequenceItems | undefined {
  const items = dataset.get(tag)?.items;
  return items === undefined ? dataset.text(tag) : items.map((item) => toJsonModel(item));
}
