/**
 * JSON as Orthanc's clients know it: three spaces, keys sorted, UTF-8 unescaped, no newline at the end.
 * (jsoncpp also puts a space before each colon; leaving that out lets `JSON.stringify` do the work, several times faster.)
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(isInOrder(value) ? value : withSortedKeys(value), undefined, 3) ?? "null";
}

/** Whether all keys are sorted at every depth, as in most answers: then nothing is copied. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let previous = "";
  for (const key of Object.keys(value)) {
    if (key < previous || !isInOrder((value as Record<string, unknown>)[key])) return false;
    previous = key;
  }
  return true;
}

function withSortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || "toJSON" in value) return value;
  if (Array.isArray(value)) return value.map(withSortedKeys);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, withSortedKeys((value as Record<string, unknown>)[key])]),
  );
}
