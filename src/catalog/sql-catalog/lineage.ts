import { levelTables, levelsAbove, type Ancestor } from "./levels.ts";
import type { ResourceRow } from "./resources.ts";
import { integer, type Row, type Sql } from "./sql.ts";

/** A resource above the instances and what is above it, by row, the lowest first. */
export type Lineage = readonly (ResourceRow & { readonly level: Ancestor })[];

const levelsOf: Readonly<Record<Ancestor, readonly Ancestor[]>> = {
  Patient: ["Patient"],
  Study: ["Study", "Patient"],
  Series: ["Series", "Study", "Patient"],
};

function selectText(level: Ancestor, by: "id" | "publicId"): string {
  const { table } = levelTables[level];
  const columns = [`${table}.id AS ${level}`];
  let from = table;
  let child = levelTables[level];
  for (const above of levelsAbove(level)) {
    const column = `${child.table}.${child.parent?.column}`;
    columns.push(`${column} AS ${above}`);
    child = levelTables[above];
    // The highest level's id is known from the row below it.
    if (child.parent !== undefined) from += ` JOIN ${child.table} ON ${child.table}.id = ${column}`;
  }
  return `SELECT ${columns.join(", ")} FROM ${from} WHERE ${table}.${by} = ?`;
}

const texts = {
  id: { Patient: selectText("Patient", "id"), Study: selectText("Study", "id"), Series: selectText("Series", "id") },
  publicId: {
    Patient: selectText("Patient", "publicId"),
    Study: selectText("Study", "publicId"),
    Series: selectText("Series", "publicId"),
  },
} as const;

function lineageIn(level: Ancestor, row: Row): Lineage {
  return levelsOf[level].map((each) => ({ level: each, id: integer(row, each) }));
}

/** The lineage of a resource by its public identifier; undefined when there is none. */
export function findLineage(sql: Sql, level: Ancestor, publicId: string): Lineage | undefined {
  const row = sql.get(texts.publicId[level], publicId);
  return row === undefined ? undefined : lineageIn(level, row);
}

/** The lineage of a row that exists; empty for what is above a patient. */
export function lineageOf(sql: Sql, resource: (ResourceRow & { readonly level: Ancestor }) | undefined): Lineage {
  if (resource === undefined) return [];
  const row = sql.get(texts.id[resource.level], resource.id);
  if (row === undefined) throw new RangeError(`no row ${resource.id} in ${levelTables[resource.level].table}`);
  return lineageIn(resource.level, row);
}
