import type { Tag } from "../../dicom/tag.ts";

/** Tags of repeating groups (PS3.5 §7.6): those that are `value` in the bits of `mask`. */
export interface TagPattern {
  readonly mask: number;
  readonly value: number;
}

/** Reads `60xx,3000` or `50xxxxxx`, `x` standing for any digit; undefined for what is no such pattern. */
export function parseTagPattern(text: string): TagPattern | undefined {
  const digits = /^([0-9a-fx]{4})[,-]?([0-9a-fx]{4})$/i.exec(text)?.slice(1).join("").toLowerCase();
  if (digits?.includes("x") !== true) return undefined;
  const bits = (known: string, unknown: string): number =>
    Number.parseInt(Array.from(digits, (digit) => (digit === "x" ? unknown : known || digit)).join(""), 16);
  return { mask: bits("f", "0"), value: bits("", "0") };
}

/** Whether the tag is one of those that the pattern means. */
export function matchesPattern({ mask, value }: TagPattern, tag: Tag): boolean {
  return (tag & mask) >>> 0 === value;
}
