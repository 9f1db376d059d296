import { lastInRecyclingOrder } from "./grow.ts";
import { integer, type Sql } from "./sql.ts";

/** Whether recycling spares a patient; undefined when there is none. */
export function isProtected(sql: Sql, patient: string): boolean | undefined {
  const row = sql.get("SELECT isProtected FROM patients WHERE publicId = ?", patient);
  return row === undefined ? undefined : integer(row, "isProtected") === 1;
}

/** A patient that is no longer protected goes to the end of the recycling order. False when there is none. */
export function setProtected(sql: Sql, patient: string, protect: boolean): boolean {
  const present = isProtected(sql, patient);
  if (present === undefined) return false;
  if (present !== protect)
    sql.run(
      `UPDATE patients SET isProtected = ?, recyclingOrder = ${lastInRecyclingOrder} WHERE publicId = ?`,
      protect ? 1 : 0,
      patient,
    );
  return true;
}
