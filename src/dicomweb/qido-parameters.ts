import { parseTag } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import {
  defaultFields,
  InstanceAvailability,
  type QidoLevel,
  RetrieveURL,
  SeriesInstanceUID,
  SpecificCharacterSet,
  StudyInstanceUID,
} from "./qido-fields.ts";

/** A search as its URL asks for it (PS3.18 §8.3.4). */
export interface QidoQuery {
  readonly level: QidoLevel;
  /** To be matched: values with `\` between alternatives. */
  readonly attributes: readonly { readonly tag: Tag; readonly value: string }[];
  /** To be returned, ascending; those that are written for every match are not among them. */
  readonly fields: readonly Tag[];
  /** 0: all. */
  readonly limit: number;
  readonly offset: number;
}

const writtenAlways: ReadonlySet<Tag> = new Set([SpecificCharacterSet, InstanceAvailability, RetrieveURL]);

/**
 * Reads the query string of a search below `path` (the UIDs in the URL). Unknown attributes are ignored, as Orthanc does.
 * @throws ServerError BadRequest for `limit`, `offset` or `fuzzymatching` with another value than they may have
 */
export function parseQidoQuery(
  level: QidoLevel,
  query: URLSearchParams,
  path: { readonly study?: string | undefined; readonly series?: string | undefined },
): QidoQuery {
  checkFuzzyMatching(query.get("fuzzymatching"));
  const asked = attributesOf(query);
  const attributes = new Map([...asked].filter(([, value]) => value !== ""));
  if (path.study !== undefined) attributes.set(StudyInstanceUID, path.study);
  if (path.series !== undefined) attributes.set(SeriesInstanceUID, path.series);
  const fields = new Set([
    ...defaultFields[level],
    ...(level !== "Study" && !asked.has(StudyInstanceUID) ? defaultFields.Study : []),
    ...(level === "Instance" && !asked.has(SeriesInstanceUID) ? defaultFields.Series : []),
    ...attributes.keys(),
    ...asked.keys(),
    ...includeFields(query),
  ]);
  return {
    level,
    attributes: [...attributes].map(([tag, value]) => ({ tag, value })),
    fields: [...fields].filter((tag) => !writtenAlways.has(tag)).toSorted((left, right) => left - right),
    limit: unsigned(query, "limit"),
    offset: unsigned(query, "offset"),
  };
}

const reserved: ReadonlySet<string> = new Set(["limit", "offset", "includefield", "fuzzymatching"]);

/** A comma separates alternatives (PS3.18 §8.3.4.1, UID list matching); backslashes cannot be meant. The last of equal names wins. */
function attributesOf(query: URLSearchParams): ReadonlyMap<Tag, string> {
  const attributes = new Map<Tag, string>();
  for (const [name, value] of query) {
    const tag = reserved.has(name) ? undefined : parseTag(name);
    if (tag !== undefined) attributes.set(tag, value.replaceAll("\\", "").replaceAll(",", "\\"));
  }
  return attributes;
}

/** Of a path into a sequence (`00400275.00400007`) the whole sequence is returned. */
function includeFields(query: URLSearchParams): readonly Tag[] {
  return query
    .getAll("includefield")
    .flatMap((list) => list.split(","))
    .flatMap((name) => parseTag(name.trim().split(".")[0] ?? "") ?? []);
}

function checkFuzzyMatching(value: string | null): void {
  if (value !== null && value !== "true" && value !== "false") {
    throw new ServerError("BadRequest", `fuzzymatching: expected true or false, found "${value}"`);
  }
}

function unsigned(query: URLSearchParams, name: "limit" | "offset"): number {
  const text = query.get(name) ?? "0";
  if (!/^\d{1,9}$/.test(text)) {
    throw new ServerError("BadRequest", `${name}: expected an unsigned integer, found "${text}"`);
  }
  return Number(text);
}
