import type { FindRequest, Level, TagConstraint, TagMatch } from "../catalog/catalog.ts";
import { attributeMatch } from "../dicom/attribute-match.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import type { VR } from "../dicom/vr.ts";
import { ServerError } from "../util/errors.ts";
import { textMatcher } from "../util/text-match.ts";
import { Modality, ModalitiesInStudy, SOPClassUID } from "./computed-tags.ts";
import { lowestUpTo, type TagLevels } from "./find-levels.ts";
import { isSequenceTag } from "./main-tags.ts";
import { metadataNumbers } from "./metadata-numbers.ts";

/** A condition that the catalog cannot test. */
export interface OtherCondition {
  readonly tag: Tag;
  readonly key: string;
  /** Asked with the value of the attribute. */
  readonly accepts: (value: unknown) => boolean;
}

/** The conditions of a search, by who tests them. */
export interface FindConditions {
  readonly constraints: readonly TagConstraint[];
  readonly metadata: NonNullable<FindRequest["metadata"]>;
  readonly others: readonly OtherCondition[];
  /** Nothing can match: a tag is asked for that belongs to lower levels. */
  readonly isImpossible: boolean;
}

/** One attribute of a search. */
export interface AttributeCondition {
  readonly tag: Tag;
  /** By the rules of `attributeMatch`; an empty one matches everything. */
  readonly value: string;
  /** Of a private attribute; the dictionary has that of others. */
  readonly vr?: VR;
  /** As in the whole search when absent. */
  readonly caseSensitive?: boolean;
}

interface ConditionsQuery extends Pick<FindRequest, "level" | "metadata"> {
  readonly attributes: readonly AttributeCondition[];
  readonly caseSensitive: boolean;
}

/** Who tests a condition on `tag`. */
type Tester = { readonly by: "tag"; readonly tag: Tag } | { readonly by: "metadata" | "other" | "nobody" };

/** Sorts the conditions of a search. Throws `BadRequest` for sequences, `ParameterOutOfRange` for wildcards where there are none. */
export function planConditions(query: ConditionsQuery, known: TagLevels): FindConditions {
  const { level } = query;
  const constraints: TagConstraint[] = [];
  const metadata = [...(query.metadata ?? [])];
  const others: OtherCondition[] = [];
  let isImpossible = false;
  for (const { tag, value, vr, caseSensitive = query.caseSensitive } of query.attributes) {
    const match = attributeMatch(tag, value, vr);
    if (match === undefined) continue;
    if (isSequenceTag(tag))
      throw new ServerError("BadRequest", `${keywordOf(tag)} is a sequence and cannot be searched`);
    const tester = testerOf(level, tag, known);
    if (tester.by === "tag") constraints.push({ tag: tester.tag, caseSensitive, ...match });
    else if (tester.by === "metadata") metadata.push({ metadata: metadataNumbers.SopClassUid, match });
    else if (tester.by === "other") others.push(otherCondition(tag, match, caseSensitive));
    else isImpossible = true;
  }
  return { constraints, metadata, others, isImpossible };
}

function testerOf(level: Level, tag: Tag, known: TagLevels): Tester {
  if (tag === ModalitiesInStudy) return level === "Study" ? { by: "tag", tag: Modality } : { by: "nobody" };
  if (tag === SOPClassUID && level === "Instance") return { by: "metadata" };
  const levels = known.get(tag);
  if (levels === undefined) return { by: "other" };
  // A study may be searched by the tags of its series.
  const canBeSearched = lowestUpTo(level, levels) !== undefined || (level === "Study" && levels.includes("Series"));
  return canBeSearched ? { by: "tag", tag } : { by: "nobody" };
}

function otherCondition(tag: Tag, match: TagMatch, caseSensitive: boolean): OtherCondition {
  const matches = textMatcher(match, caseSensitive);
  return { tag, key: tagHex(tag), accepts: (value) => typeof value === "string" && matches(value) };
}
