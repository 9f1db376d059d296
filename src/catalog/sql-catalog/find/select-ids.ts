import type { FindRequest, Level, OrderBy } from "../../catalog.ts";
import { levelTables, levelsAbove } from "../levels.ts";
import type { Sql, SqlValue } from "../sql.ts";
import { tagConstraint, type Constraint } from "./constraint.ts";
import { amongIds, labelConstraint, metadataConstraint, metadataExpression, relatedTo } from "./filter.ts";
import { placeOf, type ExtraTags } from "./tag-place.ts";

type Selection = Omit<FindRequest, "include">;

/** The constraints of a request. */
export function constraintsOf(request: Selection, extra: ExtraTags): readonly Constraint[] {
  const { level } = request;
  return [
    ...(request.publicIds === undefined ? [] : [amongIds(level, request.publicIds)]),
    ...(request.relatedTo === undefined ? [] : [relatedTo(level, request.relatedTo)]),
    ...(request.constraints ?? []).map((constraint) => tagConstraint(level, constraint, extra)),
    ...(request.metadata ?? []).map((constraint) => metadataConstraint(level, constraint)),
    ...(request.labels === undefined ? [] : [labelConstraint(level, request.labels)]),
  ];
}

/** The table of `level`, joined with those above as far as the highest that is needed. */
export function fromClause(level: Level, needed: readonly Level[]): string {
  const highest = Math.min(...needed.map((other) => levelTables[other].number), levelTables[level].number);
  const above = levelsAbove(level).filter((other) => levelTables[other].number >= highest);
  let child = levelTables[level];
  let text = child.table;
  for (const other of above) {
    const { table } = levelTables[other];
    text += ` JOIN ${table} ON ${table}.id = ${child.table}.${child.parent?.column}`;
    child = levelTables[other];
  }
  return text;
}

const casts = {
  text: (value: string) => value,
  integer: (value: string) => `CAST(${value} AS INTEGER)`,
  float: (value: string) => `CAST(${value} AS REAL)`,
};

interface Ordering {
  readonly text: string;
  readonly levels: readonly Level[];
}

function orderingOf(level: Level, { key, as, descending }: OrderBy, extra: ExtraTags): Ordering {
  const place = "tag" in key ? placeOf(level, key.tag, extra) : undefined;
  const isBelow = place !== undefined && levelTables[place.level].number > levelTables[level].number;
  const value = isBelow
    ? "NULL"
    : (place?.value ?? ("metadata" in key ? metadataExpression(level, key.metadata) : "NULL"));
  return {
    text: `${casts[as](value)} ${descending ? "DESC" : "ASC"} NULLS LAST`,
    levels: place === undefined || isBelow ? [] : [place.level],
  };
}

interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
  readonly checks: readonly NonNullable<Constraint["check"]>[];
}

function statementOf(request: Selection, extra: ExtraTags): Statement {
  const { level } = request;
  const { table } = levelTables[level];
  const constraints = constraintsOf(request, extra);
  const orderings = (request.orderBy ?? []).map((order) => orderingOf(level, order, extra));
  const checks = constraints.flatMap(({ check }) => (check === undefined ? [] : [check]));
  const from = fromClause(
    level,
    [...constraints, ...orderings].flatMap(({ levels }) => levels),
  );
  const where =
    constraints.length === 0 ? "" : ` WHERE ${constraints.map(({ condition }) => condition.text).join(" AND ")}`;
  // The plus sign keeps SQLite from walking through the whole table only because it is in the right order.
  const byId = constraints.length === 0 ? `${table}.id` : `+${table}.id`;
  return {
    text:
      `SELECT ${[`${table}.id`, ...checks.map(({ value }) => value)].join(", ")} FROM ${from}${where} ` +
      `ORDER BY ${[...orderings.map(({ text }) => text), byId].join(", ")}`,
    values: constraints.flatMap(({ condition }) => condition.values),
    checks,
  };
}

/** Ids of the matching rows, in order, one page of them. */
export function selectIds(sql: Sql, request: Selection, extra: ExtraTags): readonly number[] {
  const { text, values, checks } = statementOf(request, extra);
  const since = request.since ?? 0;
  const limit = request.limit === undefined || request.limit === 0 ? Number.MAX_SAFE_INTEGER : request.limit;
  const ids: number[] = [];
  if (checks.length === 0) {
    for (const [id] of sql.iterate(`${text} LIMIT ? OFFSET ?`, [...values, limit, since])) ids.push(Number(id));
    return ids;
  }
  let passed = 0;
  for (const [id, ...found] of sql.iterate(text, values)) {
    if (!checks.every(({ passes }, at) => passes(found[at] ?? null))) continue;
    passed += 1;
    if (passed > since) ids.push(Number(id));
    if (ids.length === limit) break;
  }
  return ids;
}

const wholeTable = { Patient: "patients", Study: "studies", Series: "series", Instance: "instances" } as const;

/** Number of matching resources; the paging of the request is not looked at. */
export function countIds(sql: Sql, request: Omit<Selection, "orderBy">, extra: ExtraTags): number {
  if (constraintsOf(request, extra).length === 0) {
    for (const [count] of sql.iterate(`SELECT ${wholeTable[request.level]} FROM totals`, [])) return Number(count);
  }
  const { text, values, checks } = statementOf(request, extra);
  if (checks.length > 0) {
    let passed = 0;
    for (const [, ...found] of sql.iterate(text, values))
      if (checks.every(({ passes }, at) => passes(found[at] ?? null))) passed += 1;
    return passed;
  }
  for (const [count] of sql.iterate(`SELECT COUNT(*) FROM (${text})`, values)) return Number(count);
  return 0;
}
