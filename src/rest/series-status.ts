/** What the numbers of a series' instances say about its completeness. */
export type SeriesStatus = "Unknown" | "Complete" | "Missing" | "Inconsistent";

/** Reads the `IndexInSeries` or `ExpectedNumberOfInstances` metadata: null when it is absent or no integer. */
export function parseInstanceNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number.parseInt(text, 10) : null;
}

/**
 * Compares the `IndexInSeries` of every instance with the expected number N: Unknown without N or with an index
 * that is no integer, Inconsistent with an index outside 1…N or twice the same, Complete with N of them, else Missing.
 */
export function seriesStatus(indexes: readonly (string | null)[], expected: number | null): SeriesStatus {
  if (expected === null || expected <= 0) return "Unknown";
  const seen = new Set<number>();
  for (const text of indexes) {
    const index = parseInstanceNumber(text);
    if (index === null) return "Unknown";
    if (index < 1 || index > expected || seen.has(index)) return "Inconsistent";
    seen.add(index);
  }
  return seen.size === expected ? "Complete" : "Missing";
}
