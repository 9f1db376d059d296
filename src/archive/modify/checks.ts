import type { Level } from "../../catalog/catalog.ts";
import { keywordOf, parseTag } from "../../dicom/dictionary.ts";
import type { Tag } from "../../dicom/tag.ts";
import { ServerError } from "../../util/errors.ts";
import { keyTags, type Action, type Modification } from "./modification.ts";

/** Identifiers of resources above: they cannot be replaced, or the resource would leave its parent. */
const ofParents: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [],
  Study: [],
  Series: [keyTags.PatientID, keyTags.StudyInstanceUID],
  Instance: [keyTags.PatientID, keyTags.StudyInstanceUID, keyTags.SeriesInstanceUID],
};

/** Identifiers of resources below: one value for all of them would make them one. */
const ofChildren: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [keyTags.StudyInstanceUID, keyTags.SeriesInstanceUID, keyTags.SOPInstanceUID],
  Study: [keyTags.SeriesInstanceUID, keyTags.SOPInstanceUID],
  Series: [keyTags.SOPInstanceUID],
  Instance: [],
};

/**
 * Checks that a modification of resources of `level` leaves the hierarchy of patients, studies and series whole (behaviour §8.1).
 * Throws `BadRequest`.
 */
export function checkHierarchy({ root, nested }: Modification, level: Level): void {
  const isAnonymization = nested !== undefined;
  const kindOf = (tag: Tag): Action["kind"] | undefined => root.actions.get(tag)?.kind;
  const patientId = kindOf(keyTags.PatientID);
  if (isAnonymization ? patientId === "keep" : level === "Patient" && patientId !== "replace") {
    throw refused(level, "expected a new PatientID");
  }
  const fixed = isAnonymization ? [] : ofParents[level];
  for (const tag of fixed) {
    if (kindOf(tag) === "replace")
      throw refused(level, `${keywordOf(tag)} is that of its parent and cannot be replaced`);
  }
  for (const tag of ofChildren[level]) {
    if (kindOf(tag) === "replace") {
      throw refused(level, `${keywordOf(tag)} cannot be replaced, since all its children would get the same`);
    }
  }
}

function refused(level: Level, problem: string): ServerError {
  return new ServerError("BadRequest", `When modifying resources of level ${level}: ${problem}`);
}

/**
 * Checks that resources whose identifiers all stay can be overwritten by what they become. Throws `BadRequest`.
 */
export function checkInPlace(
  { root }: Modification,
  { keepSource, overwrites }: { readonly keepSource: boolean; readonly overwrites: boolean },
): void {
  const stays = (tag: Tag): boolean => {
    const kind = root.actions.get(tag)?.kind;
    return kind === undefined || kind === "keep";
  };
  if (!Object.values(keyTags).every(stays) || (keepSource && overwrites)) return;
  const missing = keepSource
    ? '"OverwriteInstances" other than "Never" in the configuration'
    : '"KeepSource" to be true';
  throw new ServerError(
    "BadRequest",
    `All identifiers are kept, so that originals are overwritten: expected ${missing}`,
  );
}

/** The level that replaced identifiers speak of: that of a patient where PatientID is replaced, and so on. */
export function levelOfReplaced(replace: Readonly<Record<string, unknown>>): Level {
  const replaces = (keyword: keyof typeof keyTags): boolean =>
    Object.keys(replace).some((name) => parseTag(name) === keyTags[keyword]);
  if (replaces("PatientID")) return "Patient";
  if (replaces("StudyInstanceUID")) return "Study";
  return replaces("SeriesInstanceUID") ? "Series" : "Instance";
}
