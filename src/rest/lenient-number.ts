import { lastValue } from "../http/query.ts";

/** A number of the query of a log page; one that cannot be read counts as absent, as in Orthanc. */
export function lenientNumber(query: URLSearchParams, name: string): number | undefined {
  const value = lastValue(query, name) ?? "";
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
