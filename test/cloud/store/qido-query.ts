import { parseTagNumber, tagHex } from "../../../src/dicom/tag.ts";
import { GoogleError } from "../http/google-error.ts";
import type { EmulatorSettings } from "../settings.ts";
import { firstText, type JsonDataset } from "./json-dataset.ts";
import { searchAttributes, type SearchAttribute, type SearchLevel } from "./search-attributes.ts";

/** A search after reading. */
export interface Search {
  readonly limit: number;
  readonly offset: number;
  matches(attributes: JsonDataset): boolean;
  includes(attribute: SearchAttribute): boolean;
}

const limits: Readonly<Record<SearchLevel, { readonly standard: number; readonly maximum: number }>> = {
  study: { standard: 100, maximum: 5000 },
  series: { standard: 100, maximum: 5000 },
  instance: { standard: 1000, maximum: 50_000 },
};
const maximumOffset = 1_000_000;
const ranks: Readonly<Record<SearchLevel, number>> = { study: 0, series: 1, instance: 2 };
const controls = new Set(["limit", "offset", "includefield", "fuzzymatching"]);

/** Reads the query of a search at `level`; what Google does not search for is INVALID_ARGUMENT. */
export function parseSearch(
  query: URLSearchParams,
  level: SearchLevel,
  excessive: EmulatorSettings["excessiveLimit"],
): Search {
  const fuzzy = query.get("fuzzymatching") === "true";
  const conditions = [...query]
    .filter(([name]) => !controls.has(name))
    .map(([name, value]) => condition(searchable(name, level), value, fuzzy));
  const included = query.getAll("includefield").flatMap((value) => value.split(","));
  return {
    ...paging(query, level, excessive),
    matches: (attributes) => conditions.every((holds) => holds(attributes)),
    includes: ({ keyword, tag }) =>
      included.includes("all") || included.includes(keyword) || included.some((name) => parseTagNumber(name) === tag),
  };
}

function paging(
  query: URLSearchParams,
  level: SearchLevel,
  excessive: EmulatorSettings["excessiveLimit"],
): Pick<Search, "limit" | "offset"> {
  const { standard, maximum } = limits[level];
  const limit = unsigned(query, "limit", standard);
  const offset = unsigned(query, "offset", 0);
  if (limit > maximum && excessive === "refuse") invalid(`limit must be at most ${maximum}`);
  if (offset > maximumOffset) invalid(`offset must be at most ${maximumOffset}`);
  return { limit: Math.min(limit, maximum), offset };
}

function unsigned(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  return /^\d{1,9}$/.test(text) ? Number(text) : invalid(`${name} must be a non-negative integer, not "${text}"`);
}

function searchable(name: string, level: SearchLevel): SearchAttribute {
  const tag = parseTagNumber(name);
  const found = searchAttributes.find((attribute) => attribute.keyword === name || attribute.tag === tag);
  if (found?.match === undefined || ranks[found.level] > ranks[level]) {
    return invalid(`unsupported search parameter "${name}"`);
  }
  return found;
}

type Condition = (attributes: JsonDataset) => boolean;

/** One value, to the letter: an asterisk, a backslash or a comma means nothing. */
function condition({ tag, match }: SearchAttribute, value: string, fuzzy: boolean): Condition {
  const textOf = (attributes: JsonDataset): string => firstText(attributes, tagHex(tag)) ?? "";
  if (match === "range" && value.includes("-")) {
    const [from = "", to = ""] = value.split("-");
    return (attributes) =>
      textOf(attributes) >= from && (to === "" || textOf(attributes) <= to) && textOf(attributes) !== "";
  }
  if (match === "name" && fuzzy) {
    const wanted = nameTokens(value);
    return (attributes) =>
      wanted.every((part) => nameTokens(textOf(attributes)).some((known) => known.startsWith(part)));
  }
  return (attributes) => textOf(attributes) === value;
}

function nameTokens(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[\s^,]+/)
    .filter((part) => part !== "");
}

function invalid(message: string): never {
  throw new GoogleError("INVALID_ARGUMENT", message);
}
