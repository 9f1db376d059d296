import type { TextMatch } from "../../../util/text-match.ts";
import type { SqlValue } from "../sql.ts";
import { normalisedKey } from "../tag-columns.ts";

/** A piece of a WHERE clause with its values. */
export interface Condition {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

const asciiOnly = /^[\x20-\x7e]*$/;

/** No value sorts after a key that begins with the prefix, but those with a higher prefix: keys are printable ASCII. */
const afterAll = "\x7f";

/** GLOB has DICOM's wildcards, and sets in brackets, which are to be taken literally. */
function globPattern(pattern: string): string {
  return pattern.replaceAll("[", "[[]");
}

/** LIKE with `%` for every character whose case SQLite does not know. */
function likePattern(pattern: string): string {
  return pattern
    .replaceAll(/[\\%_]/g, "\\$&")
    .replaceAll("*", "%")
    .replaceAll("?", "_")
    .replaceAll(/[^\x20-\x7e]+/g, "%");
}

/** Rows that match a wildcard from its first characters on are found in the index, the others by looking through it. */
function globCondition(value: string, pattern: string): Condition {
  const prefix = /^[^*?]*/.exec(pattern)?.[0] ?? "";
  if (prefix === "") return { text: `${value} GLOB ?`, values: [globPattern(pattern)] };
  return {
    text: `${value} >= ? AND ${value} < ? AND ${value} GLOB ?`,
    values: [prefix, prefix + afterAll, globPattern(pattern)],
  };
}

/** What rows must fulfil at least, on the normalised column of an identifier. */
export function keyCondition(key: string, match: TextMatch): Condition {
  if (match.match === "equal") return { text: `${key} = ?`, values: [normalisedKey(match.value)] };
  if (match.match === "list")
    return {
      text: `${key} IN (SELECT value FROM json_each(?))`,
      values: [JSON.stringify(match.values.map(normalisedKey))],
    };
  if (match.match === "range") return { text: `${key} IS NOT NULL`, values: [] };
  // Keys have lost characters, so "?" may stand for none of them.
  return globCondition(key, normalisedKey(match.pattern).replaceAll("?", "*"));
}

/** What rows must fulfil, on a column of a restricted alphabet, where case does not matter. */
export function rawCondition(value: string, match: TextMatch): Condition {
  if (match.match === "equal") return { text: `${value} = ?`, values: [match.value] };
  if (match.match === "list")
    return { text: `${value} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(match.values)] };
  if (match.match === "wildcard") return globCondition(value, match.pattern);
  // Nothing but digits and separators: all sort between "!" and "~", and after the empty text.
  return { text: `${value} >= ? AND ${value} <= ?`, values: [match.from ?? "!", match.to ?? "~"] };
}

/** What rows must fulfil at least, on a column without an index; several values in one text are left to the check. */
export function scanCondition(value: string, match: TextMatch, caseSensitive: boolean): Condition {
  const orSeveral = (text: string, bound: string): Condition => ({
    text: `(${text} OR instr(${value}, '\\') > 0)`,
    values: [bound],
  });
  if (match.match === "list" || match.match === "range") return { text: `${value} IS NOT NULL`, values: [] };
  if (match.match === "wildcard") return orSeveral(`${value} LIKE ? ESCAPE '\\'`, likePattern(match.pattern));
  if (caseSensitive) return orSeveral(`${value} = ?`, match.value);
  if (asciiOnly.test(match.value)) return orSeveral(`${value} = ? COLLATE NOCASE`, match.value);
  return orSeveral(`${value} LIKE ? ESCAPE '\\'`, likePattern(match.value.replaceAll(/[*?]/g, "?")));
}
