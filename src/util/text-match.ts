/** One condition on a text. */
export type TextMatch =
  | { readonly match: "equal"; readonly value: string }
  | { readonly match: "list"; readonly values: readonly string[] }
  /** Inclusive, compared as text; an absent end is open. */
  | { readonly match: "range"; readonly from?: string; readonly to?: string }
  /** `*` and `?` (PS3.4 §C.2.2.2.4). */
  | { readonly match: "wildcard"; readonly pattern: string };

/** `*` stands for any characters, `?` for one. Takes at most `pattern.length * text.length` steps, whatever the pattern. */
function wildcardMatches(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let position = 0; position < text.length;) {
    const expected = pattern[at];
    if (expected === "*") {
      star = at;
      resume = position;
      at += 1;
    } else if (expected === "?" || (expected !== undefined && expected === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      resume += 1;
      position = resume;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** Code points, so that `?` stands for one character also beyond the Basic Multilingual Plane. */
const characters = (text: string): readonly string[] => Array.from(text);

function valueMatcher(match: TextMatch, fold: (text: string) => string): (value: string) => boolean {
  if (match.match === "equal") {
    const expected = fold(match.value);
    return (value) => fold(value) === expected;
  }
  if (match.match === "list") {
    const expected = new Set(match.values.map(fold));
    return (value) => expected.has(fold(value));
  }
  if (match.match === "range") {
    const { from, to } = match;
    return (value) => value !== "" && (from === undefined || value >= from) && (to === undefined || value <= to);
  }
  const pattern = characters(fold(match.pattern));
  return (value) => wildcardMatches(pattern, characters(fold(value)));
}

/**
 * A test of texts. Without `caseSensitive` both sides are compared in upper case, letters with accents included. A text of several
 * values joined by `\` matches as a whole or by any of them (PS3.4 §C.2.2.2.1).
 */
export function textMatcher(match: TextMatch, caseSensitive: boolean): (text: string) => boolean {
  const matches = valueMatcher(match, caseSensitive ? (text) => text : (text) => text.toUpperCase());
  return (text) => matches(text) || (text.includes("\\") && text.split("\\").some(matches));
}
