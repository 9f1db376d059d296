import type { ResourceReference } from "../catalog.ts";
import { logChange } from "./change-log.ts";
import { levelTables, type Ancestor } from "./levels.ts";
import { findRow } from "./resources.ts";
import { text, type Sql } from "./sql.ts";

const ancestors: readonly Ancestor[] = ["Patient", "Study", "Series"];
const stableChange = { Patient: "StablePatient", Study: "StableStudy", Series: "StableSeries" } as const;

/** Resources that wait for their StableAge. */
export function unstable(sql: Sql): readonly (ResourceReference & { readonly lastUpdate: string })[] {
  return ancestors.flatMap((level) =>
    sql
      .all(`SELECT publicId, lastUpdate FROM ${levelTables[level].table} WHERE isStable = 0 ORDER BY id`)
      .map((row) => ({ level, publicId: text(row, "publicId"), lastUpdate: text(row, "lastUpdate") })),
  );
}

/** Has a resource wait for its StableAge again. False when it does already, or has gone. */
export function markUnstable(sql: Sql, { level, publicId }: ResourceReference): boolean {
  const row = level === "Instance" ? undefined : findRow(sql, publicId, level);
  if (row === undefined) return false;
  return (
    sql.run(`UPDATE ${levelTables[level].table} SET isStable = 0 WHERE id = ? AND isStable = 1`, row.id).changes > 0
  );
}

/**
 * Marks a resource as stable and logs that, at `date`. False, and nothing is done, when it has gone, is stable already, or when
 * something was stored after `unchangedSince` (its LastUpdate as the caller knows it).
 */
export function markStable(sql: Sql, resource: ResourceReference, date: string, unchangedSince?: string): boolean {
  if (resource.level === "Instance") return false;
  const row = findRow(sql, resource.publicId, resource.level);
  if (row === undefined) return false;
  const { changes } = sql.run(
    `UPDATE ${levelTables[resource.level].table} SET isStable = 1 WHERE id = ? AND isStable = 0 AND lastUpdate <= ?`,
    row.id,
    unchangedSince ?? date,
  );
  if (changes === 0) return false;
  logChange(sql, stableChange[resource.level], row, date);
  return true;
}
