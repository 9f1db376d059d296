import type { KeyValue } from "../catalog.ts";
import { text, type Sql } from "./sql.ts";

/** The value of a key; undefined when the store does not have it. */
export function keyValue(sql: Sql, store: string, key: string): string | undefined {
  const row = sql.get("SELECT value FROM keyValues WHERE store = ? AND key = ?", store, key);
  return row === undefined ? undefined : text(row, "value");
}

/** Sets the value of a key; a store is there as long as it has keys. */
export function setKeyValue(sql: Sql, store: string, key: string, value: string): void {
  sql.run("INSERT OR REPLACE INTO keyValues (store, key, value) VALUES (?, ?, ?)", store, key, value);
}

/** Deletes a key; false when the store does not have it. */
export function deleteKeyValue(sql: Sql, store: string, key: string): boolean {
  return sql.run("DELETE FROM keyValues WHERE store = ? AND key = ?", store, key).changes > 0;
}

/** The first `limit` keys after `after` (exclusive; undefined: from the start) with their values, in the order of their UTF-8 bytes. */
export function keyValues(sql: Sql, store: string, after: string | undefined, limit: number): readonly KeyValue[] {
  const rows =
    after === undefined
      ? sql.all("SELECT key, value FROM keyValues WHERE store = ? ORDER BY key LIMIT ?", store, limit)
      : sql.all(
          "SELECT key, value FROM keyValues WHERE store = ? AND key > ? ORDER BY key LIMIT ?",
          store,
          after,
          limit,
        );
  return rows.map((row) => ({ key: text(row, "key"), value: text(row, "value") }));
}
