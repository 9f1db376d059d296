import { integer, text, type Sql } from "./sql.ts";

/** A server-wide value; undefined when it was never set. */
export function property(sql: Sql, name: string): string | undefined {
  const row = sql.get("SELECT value FROM properties WHERE name = ?", name);
  return row === undefined ? undefined : text(row, "value");
}

/** Sets a server-wide value; undefined deletes it. */
export function setProperty(sql: Sql, name: string, value: string | undefined): void {
  if (value === undefined) sql.run("DELETE FROM properties WHERE name = ?", name);
  else sql.run("INSERT OR REPLACE INTO properties (name, value) VALUES (?, ?)", name, value);
}

/** The next number of a named sequence, from 1. */
export function nextSequence(sql: Sql, name: string): number {
  const row = sql.get(
    "INSERT INTO sequences (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
    name,
  );
  if (row === undefined) throw new RangeError(`the sequence ${name} gave no number`);
  return integer(row, "value");
}
