import { levels, type Level } from "../catalog/catalog.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { Tag } from "../dicom/tag.ts";

/** At which levels each tag is a main DICOM tag. */
export type TagLevels = ReadonlyMap<Tag, readonly Level[]>;

export function tagLevels(tags: MainDicomTags): TagLevels {
  let known = levelsOf.get(tags);
  if (known === undefined) levelsOf.set(tags, (known = readLevels(tags)));
  return known;
}

/** The tags are settings, and asked for by each search. */
const levelsOf = new WeakMap<MainDicomTags, TagLevels>();

function readLevels(tags: MainDicomTags): TagLevels {
  const found = new Map<Tag, Level[]>();
  for (const level of levels) {
    for (const tag of tags[level]) found.set(tag, [...(found.get(tag) ?? []), level]);
  }
  return found;
}

/** The lowest of `candidates` that is `level` or above it. */
export function lowestUpTo(level: Level, candidates: readonly Level[]): Level | undefined {
  return candidates.findLast((candidate) => levels.indexOf(candidate) <= levels.indexOf(level));
}
