import { parseMediaType, splitOutsideQuotes, type MediaType } from "./media-type.ts";

/** One entry of an `Accept` header. */
export interface MediaRange extends MediaType {
  /** Weight from 0 (not acceptable) to 1; 1 when absent or unreadable. */
  readonly q: number;
}

/**
 * The entries of an `Accept` header (RFC 9110 §12.5.1), the preferred first, equals in their order. An absent or empty
 * header accepts everything. `q` is not among the parameters; everything else is, as `transfer-syntax` of PS3.18 §8.7.3.5.
 */
export function parseAccept(header: string | undefined): MediaRange[] {
  const ranges = splitOutsideQuotes(header ?? "", ",")
    .map(parseRange)
    .filter((range) => range.type !== "");
  if (ranges.length === 0) return [{ type: "*/*", parameters: {}, q: 1 }];
  return ranges.sort((one, other) => other.q - one.q);
}

function parseRange(text: string): MediaRange {
  const { type, parameters } = parseMediaType(text);
  const { q, ...others } = parameters;
  const weight = q === undefined || q === "" ? 1 : Number(q);
  // Java's URLConnection sends `*` for any type.
  return { type: type === "*" ? "*/*" : type, parameters: others, q: weight >= 0 && weight <= 1 ? weight : 1 };
}
