import { levels, type Level } from "../catalog/catalog.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import { groupOf, type Tag } from "../dicom/tag.ts";
import type { TagLevels } from "./find-levels.ts";
import type { TagPlan } from "./requested-tags.ts";

/** Orthanc's warnings about tags, as `Warnings` switches them. */
export type TagWarning =
  | "W001_TagsBeingReadFromStorage"
  | "W002_InconsistentDicomTagsInDb"
  | "W005_RequestingTagFromLowerResourceLevel"
  | "W006_RequestingTagFromMetaHeader"
  | "W007_MissingRequestedTagsNotReadFromDisk";

/** Told what is slow, or not as the client may expect it. */
export type Warn = (warning: TagWarning, text: string) => void;

/** Warns about tags that are requested of resources: those that make it slow, and those that are not answered. */
export function warnAboutTags(
  warn: Warn,
  requested: readonly Tag[],
  { plan, known, filesAreRead }: { readonly plan: TagPlan; readonly known: TagLevels; readonly filesAreRead: boolean },
): void {
  const { level } = plan;
  const below = requested.filter((tag) => isBelow(level, known.get(tag) ?? []) && plan.inFile.includes(tag));
  const inFile = plan.inFile.filter((tag) => !below.includes(tag));
  const inMeta = requested.filter((tag) => groupOf(tag) === 2);
  if (below.length > 0) {
    warn("W005_RequestingTagFromLowerResourceLevel", `${level}: ${names(below)} belong to a lower level`);
  }
  if (inMeta.length > 0) warn("W006_RequestingTagFromMetaHeader", `${level}: ${names(inMeta)} cannot be requested`);
  if (inFile.length === 0) return;
  if (filesAreRead) {
    const text = `${level}: ${names(inFile)} are read from files; ExtraMainDicomTags would have them indexed`;
    warn("W001_TagsBeingReadFromStorage", text);
  } else {
    const text = `${level}: ${names(inFile)} are not answered, since StorageAccessOnFind forbids reading files`;
    warn("W007_MissingRequestedTagsNotReadFromDisk", text);
  }
}

/** Whether it is a main DICOM tag of lower levels only. */
function isBelow(level: Level, homes: readonly Level[]): boolean {
  return homes.length > 0 && homes.every((home) => levels.indexOf(home) > levels.indexOf(level));
}

function names(tags: readonly Tag[]): string {
  return tags.map((tag) => keywordOf(tag)).join(", ");
}
