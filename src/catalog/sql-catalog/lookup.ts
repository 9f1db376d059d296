import type { Level, ResourceReference } from "../catalog.ts";
import { levelTables } from "./levels.ts";
import { text, type Sql } from "./sql.ts";
import { normalisedKey } from "./tag-columns.ts";

const uids: readonly { readonly level: Level; readonly column: string }[] = [
  { level: "Study", column: "StudyInstanceUID" },
  { level: "Series", column: "SeriesInstanceUID" },
  { level: "Instance", column: "SOPInstanceUID" },
];

function patientIds(sql: Sql, value: string): readonly string[] {
  const key = normalisedKey(value);
  const rows = sql.all("SELECT publicId, PatientID FROM patients WHERE PatientIDKey = ? ORDER BY id", key);
  // A value that normalising leaves alone stands for all that are normalised to it; another one only for itself.
  return rows.filter((row) => key === value || row["PatientID"] === value).map((row) => text(row, "publicId"));
}

/** Resources whose PatientID, StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID is `value`, patients first. */
export function lookup(sql: Sql, value: string): readonly ResourceReference[] {
  const patients = patientIds(sql, value).map((publicId): ResourceReference => ({ level: "Patient", publicId }));
  const others = uids.flatMap(({ level, column }) =>
    sql
      .all(`SELECT publicId FROM ${levelTables[level].table} WHERE ${column} = ? ORDER BY id`, value)
      .map((row): ResourceReference => ({ level, publicId: text(row, "publicId") })),
  );
  return [...patients, ...others];
}
