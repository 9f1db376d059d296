import type { Level } from "../../catalog.ts";
import { levelTables } from "../levels.ts";
import type { Sql, SqlValue } from "../sql.ts";

export interface Descendants {
  readonly level: Level;
  readonly ids: readonly number[];
  /** The level whose column is wanted: `level` itself or one below. */
  readonly of: Level;
  readonly column: string;
  /** Each value of a resource once, in any order. */
  readonly distinct?: boolean;
}

/** Rows of (id of the resource, value of the column) for all its descendants of a level, in the order of their ids unless they are to be distinct. */
export function descendants(
  sql: Sql,
  { level, ids, of, column, distinct = false }: Descendants,
): readonly (readonly SqlValue[])[] {
  const lowest = levelTables[of];
  if (lowest.number < levelTables[level].number) return [];
  if (of === level)
    return sql.rows(`SELECT id, ${column} FROM ${lowest.table} WHERE id IN (SELECT value FROM json_each(?))`, [
      JSON.stringify(ids),
    ]);
  let from = lowest.table;
  let top = lowest;
  for (let { parent } = top; parent !== undefined && parent.level !== level; { parent } = top) {
    const above = levelTables[parent.level];
    from += ` JOIN ${above.table} ON ${above.table}.id = ${top.table}.${parent.column}`;
    top = above;
  }
  const owner = `${top.table}.${top.parent?.column}`;
  const rows = `${owner}, ${lowest.table}.${column} FROM ${from} WHERE ${owner} IN (SELECT value FROM json_each(?))`;
  const text = distinct ? `SELECT DISTINCT ${rows}` : `SELECT ${rows} ORDER BY ${lowest.table}.id`;
  return sql.rows(text, [JSON.stringify(ids)]);
}
