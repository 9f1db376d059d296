import type { Level, ResourceReference } from "../catalog.ts";
import { levelsDown, levelTables, type Ancestor } from "./levels.ts";
import { integer, text, type Sql } from "./sql.ts";

/** A resource by its row. */
export interface ResourceRow {
  readonly level: Level;
  readonly id: number;
}

/** The row of a resource; undefined when there is none (at that level, when one is given). */
export function findRow(sql: Sql, publicId: string, level?: Level): ResourceRow | undefined {
  for (const candidate of level === undefined ? levelsDown : [level]) {
    const row = sql.get(`SELECT id FROM ${levelTables[candidate].table} WHERE publicId = ?`, publicId);
    if (row !== undefined) return { level: candidate, id: integer(row, "id") };
  }
  return undefined;
}

/** The level of a resource; undefined when it is unknown. */
export function levelOf(sql: Sql, publicId: string): Level | undefined {
  return findRow(sql, publicId)?.level;
}

/** The public identifier of a row that exists. */
export function referenceTo(sql: Sql, { level, id }: ResourceRow): ResourceReference {
  const row = sql.get(`SELECT publicId FROM ${levelTables[level].table} WHERE id = ?`, id);
  if (row === undefined) throw new RangeError(`no row ${id} in ${levelTables[level].table}`);
  return { level, publicId: text(row, "publicId") };
}

/** The row of the parent; undefined for a patient. */
export function parentOf(sql: Sql, { level, id }: ResourceRow): { level: Ancestor; id: number } | undefined {
  const { parent, table } = levelTables[level];
  if (parent === undefined) return undefined;
  const row = sql.get(`SELECT ${parent.column} AS parent FROM ${table} WHERE id = ?`, id);
  if (row === undefined) throw new RangeError(`no row ${id} in ${table}`);
  return { level: parent.level, id: integer(row, "parent") };
}
