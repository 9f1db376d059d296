import type { Level } from "../catalog.ts";
import { levelTables } from "./levels.ts";
import { findRow } from "./resources.ts";
import { integer, text, type Sql } from "./sql.ts";

/** All labels in use, sorted. */
export function labels(sql: Sql): readonly string[] {
  return sql.all("SELECT DISTINCT label FROM labels ORDER BY label").map((row) => text(row, "label"));
}

/** Sorted labels of these resources of one level, by the resource's id. */
export function labelsOf(sql: Sql, level: Level, ids: readonly number[]): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>(ids.map((id) => [id, []]));
  const rows = sql.all(
    "SELECT resource, label FROM labels WHERE level = ? AND resource IN (SELECT value FROM json_each(?)) ORDER BY resource, label",
    levelTables[level].number,
    JSON.stringify(ids),
  );
  for (const row of rows) found.get(integer(row, "resource"))?.push(text(row, "label"));
  return found;
}

/** Idempotent; false when the resource is unknown. */
export function addLabel(sql: Sql, publicId: string, label: string): boolean {
  const resource = findRow(sql, publicId);
  if (resource === undefined) return false;
  sql.run(
    "INSERT OR IGNORE INTO labels (level, resource, label) VALUES (?, ?, ?)",
    levelTables[resource.level].number,
    resource.id,
    label,
  );
  return true;
}

/** Idempotent; false when the resource is unknown. */
export function removeLabel(sql: Sql, publicId: string, label: string): boolean {
  const resource = findRow(sql, publicId);
  if (resource === undefined) return false;
  sql.run(
    "DELETE FROM labels WHERE level = ? AND resource = ? AND label = ?",
    levelTables[resource.level].number,
    resource.id,
    label,
  );
  return true;
}
