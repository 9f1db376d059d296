import { tagHex, tagWithComma, type Tag } from "../../../dicom/tag.ts";
import { ServerError } from "../../../util/errors.ts";
import type { Level } from "../../catalog.ts";
import { levelTables, levelsAbove, levelsBelow } from "../levels.ts";
import { tagColumns, type Search } from "../tag-columns.ts";

/** Tags without a column that are kept at each level (`ExtraMainDicomTags`). */
export type ExtraTags = Readonly<Record<Level, readonly Tag[]>>;

/** Where the values of a tag are found. */
export interface TagPlace {
  /** The level whose table holds it: the one asked, one above, or one below. */
  readonly level: Level;
  /** SQL for the value, NULL when absent. */
  readonly value: string;
  /** SQL for the normalised value, when it is indexed. */
  readonly key: string | undefined;
  readonly search: Search;
}

function columnOf(level: Level, tag: Tag): { name: string; search: Search } | undefined {
  return tagColumns[level].find((column) => column.tag === tag);
}

function placeAt(level: Level, tag: Tag, extra: ExtraTags, table = levelTables[level].table): TagPlace | undefined {
  const column = columnOf(level, tag);
  if (column !== undefined) {
    const value = `${table}.${column.name}`;
    return { level, value, key: column.search === "key" ? `${value}Key` : undefined, search: column.search };
  }
  if (!extra[level].includes(tag)) return undefined;
  // A study's copy of its patient's tags has a column of its own.
  const json = level === "Patient" && table === "studies" ? "extraPatientTags" : "extraTags";
  return { level, value: `(${table}.${json} ->> '$."${tagHex(tag)}"')`, key: undefined, search: "scan" };
}

/** The tag at one level as resources of `asked` see it: below the patient, a patient's tags are the study's copy. */
function placeSeenFrom(asked: Level, level: Level, tag: Tag, extra: ExtraTags): TagPlace | undefined {
  if (level !== "Patient" || asked === "Patient") return placeAt(level, tag, extra);
  const copy = placeAt("Patient", tag, extra, "studies");
  return copy === undefined ? undefined : { ...copy, level: "Study" };
}

/**
 * Where resources of level `asked` have the values of a tag: the nearest level, their own or above, or else the nearest below.
 * Throws `ParameterOutOfRange` when the tag is not a main DICOM tag.
 */
export function placeOf(asked: Level, tag: Tag, extra: ExtraTags): TagPlace {
  for (const level of [asked, ...levelsAbove(asked), ...levelsBelow(asked)]) {
    const place = placeSeenFrom(asked, level, tag, extra);
    if (place !== undefined) return place;
  }
  throw new ServerError(
    "ParameterOutOfRange",
    `tag ${tagWithComma(tag)} is not a main DICOM tag: the catalog cannot look for it`,
  );
}
