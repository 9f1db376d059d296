import { integer, optionalText, type Sql } from "./sql.ts";

/** True when the series has exactly the instances 1 … ExpectedNumberOfInstances, each once. */
export function isSeriesComplete(sql: Sql, series: number): boolean {
  const row = sql.get("SELECT instances, expectedNumberOfInstances FROM series WHERE id = ?", series);
  const expected = row === undefined ? Number.NaN : Number(optionalText(row, "expectedNumberOfInstances"));
  if (row === undefined || integer(row, "instances") !== expected) return false;
  const found = new Set<number>();
  for (const instance of sql.all("SELECT indexInSeries FROM instances WHERE series = ?", series)) {
    const index = optionalText(instance, "indexInSeries") ?? "";
    if (/^\d+$/.test(index)) found.add(Number(index));
  }
  return found.size === expected && [...found].every((index) => index >= 1 && index <= expected);
}
