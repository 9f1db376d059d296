import type { Attachment, Level, RemoveResult, ResourceReference } from "../catalog.ts";
import { attachmentsOf } from "./attachment-rows.ts";
import { growAll, growTotals, type Growth } from "./grow.ts";
import { levelTables } from "./levels.ts";
import { lineageOf } from "./lineage.ts";
import { findRow, parentOf, referenceTo, type ResourceRow } from "./resources.ts";
import { negated, sizesOf } from "./sizes.ts";
import { integer, text, type Row, type Sql } from "./sql.ts";
import { utcDate } from "../../util/utc-date.ts";

const sideTables = ["attachments", "metadata", "labels", "changes"];

function instancesBelow(sql: Sql, { level, id }: ResourceRow): number {
  if (level === "Instance") return 1;
  const row = sql.get(`SELECT instances FROM ${levelTables[level].table} WHERE id = ?`, id);
  return row === undefined ? 0 : integer(row, "instances");
}

/** The highest ancestor that would be left without instances; the resource itself when none would. */
function emptiedWith(sql: Sql, resource: ResourceRow): ResourceRow {
  const count = instancesBelow(sql, resource);
  let top = resource;
  for (let parent = parentOf(sql, top); parent !== undefined; parent = parentOf(sql, top)) {
    if (instancesBelow(sql, parent) > count) break;
    top = parent;
  }
  return top;
}

interface Removed {
  readonly deleted: ResourceReference[];
  readonly orphaned: Attachment[];
  readonly counts: Record<Level, number>;
}

function deleteRows(sql: Sql, level: Level, rows: readonly Row[], removed: Removed): void {
  const ids = rows.map((row) => integer(row, "id"));
  const list = JSON.stringify(ids);
  removed.counts[level] += rows.length;
  removed.deleted.push(...rows.map((row) => ({ level, publicId: text(row, "publicId") })));
  for (const attachments of attachmentsOf(sql, level, ids).values()) removed.orphaned.push(...attachments);
  const { child, number, table } = levelTables[level];
  if (child !== undefined) {
    const { table: below, parent } = levelTables[child];
    const column = parent?.column ?? "";
    const children = sql.all(
      `SELECT id, publicId FROM ${below} WHERE ${column} IN (SELECT value FROM json_each(?)) ORDER BY id`,
      list,
    );
    deleteRows(sql, child, children, removed);
  }
  for (const side of sideTables)
    sql.run(`DELETE FROM ${side} WHERE level = ? AND resource IN (SELECT value FROM json_each(?))`, number, list);
  sql.run(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, list);
}

/** The classes that are left in a series of several, after some of its instances went. */
function refreshSopClasses(sql: Sql, { level, id }: ResourceRow): void {
  if (level !== "Series") return;
  sql.run(
    "UPDATE series SET sopClasses = COALESCE((SELECT group_concat(sopClassUid, '\\') FROM " +
      "(SELECT DISTINCT sopClassUid FROM instances WHERE series = series.id)), '') WHERE id = ? AND instr(sopClasses, '\\') > 0",
    id,
  );
}

/** Removes a resource with everything below it, and the ancestors that it leaves empty. `date`: LastUpdate of those that stay. */
export function removeRow(sql: Sql, resource: ResourceRow, date: string): RemoveResult {
  const top = emptiedWith(sql, resource);
  const above = parentOf(sql, top);
  const removed: Removed = { deleted: [], orphaned: [], counts: { Patient: 0, Study: 0, Series: 0, Instance: 0 } };
  deleteRows(sql, top.level, [{ id: top.id, publicId: referenceTo(sql, top).publicId }], removed);
  const { deleted, orphaned, counts } = removed;
  const growth: Growth = {
    ...negated(sizesOf(orphaned)),
    studies: -counts.Study,
    series: -counts.Series,
    instances: -counts.Instance,
    lastUpdate: date,
    unstable: false,
  };
  growAll(sql, lineageOf(sql, above), growth);
  growTotals(sql, growth, -counts.Patient);
  if (above !== undefined) refreshSopClasses(sql, above);
  return { deleted, orphaned, remainingAncestor: above === undefined ? null : referenceTo(sql, above) };
}

/** Removes a resource; undefined when there is none (at that level, when one is given). */
export function remove(sql: Sql, publicId: string, level?: Level): RemoveResult | undefined {
  const row = findRow(sql, publicId, level);
  return row === undefined ? undefined : removeRow(sql, row, utcDate(Date.now()));
}
