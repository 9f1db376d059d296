import type { NewInstance } from "../catalog.ts";
import { metadataNumbers } from "./metadata-columns.ts";
import { text, type Sql } from "./sql.ts";

/** A series of several SOP classes names them all. Answers those that it has then. */
export function addSopClass(sql: Sql, series: number, instance: NewInstance): readonly string[] {
  const sopClass = instance.metadata.Instance[metadataNumbers.SopClassUid];
  const row = sql.get("SELECT sopClasses FROM series WHERE id = ?", series);
  const stored = row === undefined ? "" : text(row, "sopClasses");
  const known = stored === "" ? [] : stored.split("\\");
  if (sopClass === undefined || known.includes(sopClass)) return known;
  const all = [...known, sopClass];
  sql.run("UPDATE series SET sopClasses = ? WHERE id = ?", all.join("\\"), series);
  return all;
}
