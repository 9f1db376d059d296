import { textMatcher } from "../../../util/text-match.ts";
import type { Level, TagConstraint } from "../../catalog.ts";
import { levelTables } from "../levels.ts";
import type { SqlValue } from "../sql.ts";
import { keyCondition, rawCondition, scanCondition, type Condition } from "./condition.ts";
import { placeOf, type ExtraTags, type TagPlace } from "./tag-place.ts";

/** A test of a value that the database has selected. */
export interface Check {
  /** SQL for the value to select. */
  readonly value: string;
  readonly passes: (value: SqlValue) => boolean;
}

/** One constraint of a query: what the database tests, and what is left to test on the rows that it gives. */
export interface Constraint {
  readonly condition: Condition;
  readonly check: Check | undefined;
  /** Tables that must be joined. */
  readonly levels: readonly Level[];
}

const nothing: Constraint = { condition: { text: "0", values: [] }, check: undefined, levels: [] };

function conditionAt(place: TagPlace, constraint: TagConstraint): Condition {
  if (place.key !== undefined) return keyCondition(place.key, constraint);
  return place.search === "raw"
    ? rawCondition(place.value, constraint)
    : scanCondition(place.value, constraint, constraint.caseSensitive);
}

/** A scan of the narrow index instead of the wide rows. */
function throughIndex(place: TagPlace, condition: Condition): Condition {
  const { table } = levelTables[place.level];
  const isScan = place.key !== undefined && condition.text.startsWith(`${place.key} GLOB`);
  return isScan
    ? { ...condition, text: `${table}.id IN (SELECT id FROM ${table} WHERE ${condition.text})` }
    : condition;
}

function passesText(constraint: TagConstraint): (value: SqlValue) => boolean {
  const matches = textMatcher(constraint, constraint.caseSensitive);
  return (value) => typeof value === "string" && matches(value);
}

/** Any of a study's series has the value (ModalitiesInStudy and the like). */
function inChildren(place: TagPlace, constraint: TagConstraint): Constraint {
  const condition = conditionAt(place, constraint);
  const passes = passesText(constraint);
  return {
    condition: {
      ...condition,
      text: `EXISTS (SELECT 1 FROM series WHERE series.study = studies.id AND ${condition.text})`,
    },
    check: {
      value: `(SELECT json_group_array(${place.value}) FROM series WHERE series.study = studies.id)`,
      passes: (values) => {
        const list: unknown = JSON.parse(String(values));
        return Array.isArray(list) && list.some((value) => typeof value === "string" && passes(value));
      },
    },
    levels: [],
  };
}

/** How resources of `asked` are restricted by a constraint. Those of lower levels match nothing, but a study's series. */
export function tagConstraint(asked: Level, constraint: TagConstraint, extra: ExtraTags): Constraint {
  const place = placeOf(asked, constraint.tag, extra);
  const order = levelTables[place.level].number - levelTables[asked].number;
  if (order > 0) return asked === "Study" && place.level === "Series" ? inChildren(place, constraint) : nothing;
  return {
    condition: throughIndex(place, conditionAt(place, constraint)),
    // Values of restricted alphabets are compared by the database as exactly as a check would.
    check: place.search === "raw" ? undefined : { value: place.value, passes: passesText(constraint) },
    levels: [place.level],
  };
}
