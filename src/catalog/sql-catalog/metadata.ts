import type { Level, Metadata, RevisionCheck } from "../catalog.ts";
import { levelTables } from "./levels.ts";
import { metadataColumn, metadataColumns } from "./metadata-columns.ts";
import { findRow, type ResourceRow } from "./resources.ts";
import { checkRevision } from "./revisions.ts";
import { integer, optionalText, text, type Row, type Sql } from "./sql.ts";

interface Entry {
  readonly value: string;
  readonly revision: number;
}

/** The metadata that a row of the level's own table holds. */
export function columnMetadata(level: Level, row: Row): Record<number, string> {
  const found: Record<number, string> = {};
  for (const { metadata, name } of metadataColumns[level]) {
    const value = optionalText(row, name);
    if (value !== undefined) found[metadata] = value;
  }
  return found;
}

/** All metadata of these resources of one level, by the resource's id. */
export function metadataOf(sql: Sql, level: Level, ids: readonly number[]): ReadonlyMap<number, Metadata> {
  const { number, table } = levelTables[level];
  const columns = metadataColumns[level].map(({ name }) => name).join(", ");
  const list = JSON.stringify(ids);
  const found = new Map<number, Record<number, string>>();
  for (const row of sql.all(`SELECT id, ${columns} FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, list))
    found.set(integer(row, "id"), columnMetadata(level, row));
  const side =
    "SELECT resource, metadata, value FROM metadata WHERE level = ? AND resource IN (SELECT value FROM json_each(?))";
  for (const row of sql.all(side, number, list)) {
    const metadata = found.get(integer(row, "resource"));
    if (metadata !== undefined) metadata[integer(row, "metadata")] = text(row, "value");
  }
  return found;
}

function entryOf(sql: Sql, { level, id }: ResourceRow, metadata: number): Entry | undefined {
  const { number, table } = levelTables[level];
  const column = metadataColumn(level, metadata);
  if (column === undefined) {
    const row = sql.get(
      "SELECT value, revision FROM metadata WHERE level = ? AND resource = ? AND metadata = ?",
      number,
      id,
      metadata,
    );
    return row === undefined ? undefined : { value: text(row, "value"), revision: integer(row, "revision") };
  }
  const row = sql.get(`SELECT ${column.name} AS value FROM ${table} WHERE id = ?`, id);
  const value = row === undefined ? undefined : optionalText(row, "value");
  return value === undefined ? undefined : { value, revision: 0 };
}

/** Metadata with their revisions, by number. Those that are kept in columns have no history: their revision stays 0. */
export function metadata(sql: Sql, publicId: string, level?: Level): Readonly<Record<number, Entry>> | undefined {
  const resource = findRow(sql, publicId, level);
  if (resource === undefined) return undefined;
  const values = metadataOf(sql, resource.level, [resource.id]).get(resource.id) ?? {};
  const revisions = new Map(
    sql
      .all(
        "SELECT metadata, revision FROM metadata WHERE level = ? AND resource = ?",
        levelTables[resource.level].number,
        resource.id,
      )
      .map((row) => [integer(row, "metadata"), integer(row, "revision")]),
  );
  return Object.fromEntries(
    Object.entries(values).map(([number, value]) => [number, { value, revision: revisions.get(Number(number)) ?? 0 }]),
  );
}

/** Sets a value; its revision starts at 0 and goes up with each overwriting. `expected`: the revision that the caller saw. */
export function setMetadata(
  sql: Sql,
  publicId: string,
  change: { metadata: number; value: string },
  expected?: number,
): RevisionCheck {
  const resource = findRow(sql, publicId);
  if (resource === undefined) return { status: "UnknownResource" };
  const checked = checkRevision(entryOf(sql, resource, change.metadata)?.revision, expected);
  if (checked.status !== "Success") return checked;
  const { number, table } = levelTables[resource.level];
  const column = metadataColumn(resource.level, change.metadata);
  if (column !== undefined) {
    sql.run(`UPDATE ${table} SET ${column.name} = ? WHERE id = ?`, change.value, resource.id);
    return { status: "Success", revision: 0 };
  }
  sql.run(
    "INSERT OR REPLACE INTO metadata (level, resource, metadata, value, revision) VALUES (?, ?, ?, ?, ?)",
    number,
    resource.id,
    change.metadata,
    change.value,
    checked.revision,
  );
  return checked;
}

/** Deletes a value. `UnknownResource` also when it is absent. */
export function deleteMetadata(sql: Sql, publicId: string, metadata: number, expected?: number): RevisionCheck {
  const resource = findRow(sql, publicId);
  const present = resource === undefined ? undefined : entryOf(sql, resource, metadata);
  if (resource === undefined || present === undefined) return { status: "UnknownResource" };
  const checked = checkRevision(present.revision, expected);
  if (checked.status !== "Success") return checked;
  const { number, table } = levelTables[resource.level];
  const column = metadataColumn(resource.level, metadata);
  if (column === undefined)
    sql.run("DELETE FROM metadata WHERE level = ? AND resource = ? AND metadata = ?", number, resource.id, metadata);
  else sql.run(`UPDATE ${table} SET ${column.name} = NULL WHERE id = ?`, resource.id);
  return { status: "Success", revision: present.revision };
}
