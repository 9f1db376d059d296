import { textMatcher } from "../../../util/text-match.ts";
import type { FindRequest, Level, ResourceReference } from "../../catalog.ts";
import { levelTables } from "../levels.ts";
import { metadataColumn } from "../metadata-columns.ts";
import { scanCondition } from "./condition.ts";
import type { Constraint } from "./constraint.ts";

const without = (
  text: string,
  values: Constraint["condition"]["values"] = [],
  levels: readonly Level[] = [],
): Constraint => ({
  condition: { text, values },
  check: undefined,
  levels,
});

/** Levels between the two, both included, the upper first. */
function between(upper: Level, lower: Level): Level[] {
  const path: Level[] = [lower];
  for (let level = lower; level !== upper;) {
    const { parent } = levelTables[level];
    if (parent === undefined) break;
    path.unshift(parent.level);
    level = parent.level;
  }
  return path;
}

/** Only these resources. */
export function amongIds(level: Level, publicIds: readonly string[]): Constraint {
  return without(`${levelTables[level].table}.publicId IN (SELECT value FROM json_each(?))`, [
    JSON.stringify(publicIds),
  ]);
}

/** Only descendants, or the ancestor, of a resource; or the resource itself. */
export function relatedTo(level: Level, { level: other, publicId }: ResourceReference): Constraint {
  const own = levelTables[level];
  const related = levelTables[other];
  if (related.number <= own.number) return without(`${related.table}.publicId = ?`, [publicId], [other]);
  const [, ...below] = between(level, other);
  const joins = below
    .slice(1)
    .map(
      (lower) =>
        `JOIN ${levelTables[lower].table} AS low${lower} ON low${lower}.${levelTables[lower].parent?.column} = low${levelTables[lower].parent?.level}.id`,
    );
  const first = below[0] ?? other;
  return without(
    `${own.table}.id IN (SELECT low${first}.${levelTables[first].parent?.column} FROM ${levelTables[first].table} AS low${first} ` +
      `${joins.join(" ")} WHERE low${other}.publicId = ?)`,
    [publicId],
  );
}

/** A condition on metadata, which are compared case-sensitively. */
export function metadataConstraint(
  level: Level,
  { metadata, match }: NonNullable<FindRequest["metadata"]>[number],
): Constraint {
  const value = metadataExpression(level, metadata);
  const matches = textMatcher(match, true);
  return {
    condition: scanCondition(value, match, true),
    check: { value, passes: (found) => typeof found === "string" && matches(found) },
    levels: [],
  };
}

/** SQL for the value of a metadata of the resource. */
export function metadataExpression(level: Level, metadata: number): string {
  const { number, table } = levelTables[level];
  const column = metadataColumn(level, metadata);
  if (column !== undefined) return `${table}.${column.name}`;
  if (!Number.isSafeInteger(metadata)) throw new RangeError(`metadata ${metadata}: expected a whole number`);
  return `(SELECT value FROM metadata WHERE level = ${number} AND resource = ${table}.id AND metadata = ${metadata})`;
}

/** A condition on labels; `None` of no labels asks for resources without any. */
export function labelConstraint(level: Level, { labels, constraint }: NonNullable<FindRequest["labels"]>): Constraint {
  const { number, table } = levelTables[level];
  const own = `SELECT COUNT(*) FROM labels WHERE level = ${number} AND resource = ${table}.id`;
  const unique = [...new Set(labels)];
  if (unique.length === 0) return without(constraint === "None" ? `(${own}) = 0` : "1");
  const comparison = { All: `= ${unique.length}`, Any: "> 0", None: "= 0" }[constraint];
  return without(`(${own} AND label IN (SELECT value FROM json_each(?))) ${comparison}`, [JSON.stringify(unique)]);
}
