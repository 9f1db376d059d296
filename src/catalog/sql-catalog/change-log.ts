import {
  changeTypes,
  type ChangesPage,
  type ChangesRequest,
  type ChangeType,
  type Level,
  type ResourceReference,
} from "../catalog.ts";
import { levelOfNumber, levelTables } from "./levels.ts";
import { findRow, type ResourceRow } from "./resources.ts";
import { integer, text, type Row, type Sql, type SqlValue } from "./sql.ts";

const typeNames: ReadonlyMap<number, ChangeType> = new Map(
  Object.entries(changeTypes).map(([name, number]) => [number, name as ChangeType]),
);

function typeOfNumber(number: number): ChangeType {
  const name = typeNames.get(number);
  if (name === undefined) throw new RangeError(`no type of change has the number ${number}`);
  return name;
}

/** Adds one change to the log. */
export function logChange(sql: Sql, type: ChangeType, { level, id }: ResourceRow, date: string): void {
  sql.run(
    "INSERT INTO changes (type, level, resource, date) VALUES (?, ?, ?, ?)",
    changeTypes[type],
    levelTables[level].number,
    id,
    date,
  );
}

/** Adds a change of a resource by its public identifier; nothing when the resource has gone. */
export function recordChange(sql: Sql, type: ChangeType, resource: ResourceReference, date: string): void {
  const row = findRow(sql, resource.publicId, resource.level);
  if (row !== undefined) logChange(sql, type, row, date);
}

/** Empties the log; numbers go on from where they were. */
export function deleteChanges(sql: Sql): void {
  sql.run("DELETE FROM changes");
}

const publicIdOf = (level: Level): string =>
  `WHEN ${levelTables[level].number} THEN (SELECT publicId FROM ${levelTables[level].table} WHERE id = changes.resource)`;

const selected =
  `SELECT seq, type, level, date, CASE level ${publicIdOf("Patient")} ${publicIdOf("Study")} ${publicIdOf("Series")} ` +
  `${publicIdOf("Instance")} END AS publicId FROM changes`;

function changeOf(row: Row): ChangesPage["changes"][number] {
  return {
    seq: integer(row, "seq"),
    type: typeOfNumber(integer(row, "type")),
    level: levelOfNumber(integer(row, "level")),
    publicId: text(row, "publicId"),
    date: text(row, "date"),
  };
}

function lastSequence(sql: Sql): number {
  const row = sql.get("SELECT seq FROM sqlite_sequence WHERE name = 'changes'");
  return row === undefined ? 0 : integer(row, "seq");
}

/** One page of the log (behaviour §3): ascending after `since`, or the last ones up to `to` when only that is given. */
export function changes(sql: Sql, { since, to, limit, types }: ChangesRequest): ChangesPage {
  const conditions = ["seq > ?"];
  const values: SqlValue[] = [since ?? -1];
  if (to !== undefined) {
    conditions.push("seq <= ?");
    values.push(to);
  }
  if (types !== undefined && types.length > 0) {
    conditions.push("type IN (SELECT value FROM json_each(?))");
    values.push(JSON.stringify(types.map((type) => changeTypes[type])));
  }
  const backwards = to !== undefined && since === undefined;
  const rows = sql.all(
    `${selected} WHERE ${conditions.join(" AND ")} ORDER BY seq ${backwards ? "DESC" : "ASC"} LIMIT ?`,
    ...values,
    limit + 1,
  );
  const page = rows.slice(0, limit).map(changeOf);
  if (backwards) page.reverse();
  return { changes: page, done: rows.length <= limit, last: page.at(-1)?.seq ?? lastSequence(sql) };
}
