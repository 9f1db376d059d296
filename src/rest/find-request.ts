import type { Level, OrderBy, ResourceReference, TagMatch } from "../catalog/catalog.ts";
import { parseTag } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, isObject } from "./body-fields.ts";
import { parseLevel } from "./levels.ts";
import type { NumberedNames } from "./numbered-names.ts";

/** The conditions of `/tools/find` and `/tools/count-resources`. */
export interface FindConditions {
  readonly level: Level;
  /** Values are matched by the rules of their VR (PS3.4 §C.2.2.2); empty ones are left out. */
  readonly attributes: readonly { readonly tag: Tag; readonly value: string }[];
  readonly caseSensitive: boolean;
  readonly relatedTo?: ResourceReference;
  readonly labels?: { readonly labels: readonly string[]; readonly constraint: "All" | "Any" | "None" };
  readonly metadata?: readonly { readonly metadata: number; readonly match: TagMatch }[];
}

/** Reads the conditions of a search; throws BadRequest naming the field, UnknownDicomTag naming the attribute. */
export function parseFindConditions(body: BodyReader, metadataNames: NumberedNames): FindConditions {
  const level = body.string("Level");
  if (level === undefined) throw new ServerError("BadRequest", 'Field "Level" is missing');
  const query = body.textMap("Query") ?? {};
  const relatedTo = parseParent(body);
  const labels = parseLabels(body);
  const metadata = body.textMap("MetadataQuery");
  return {
    level: parseLevel(level),
    attributes: Object.entries(query).flatMap(([name, value]) => parseAttribute(name, value)),
    caseSensitive: body.boolean("CaseSensitive", false),
    ...(relatedTo === undefined ? {} : { relatedTo }),
    ...(labels === undefined ? {} : { labels }),
    ...(metadata === undefined ? {} : { metadata: parseMetadataQuery(metadata, metadataNames) }),
  };
}

/** Reads `OrderBy`; throws BadRequest naming what is wrong in it. */
export function parseOrderBy(body: BodyReader, metadataNames: NumberedNames): readonly OrderBy[] {
  return (body.array("OrderBy") ?? []).map((item) => parseOrder(item, metadataNames));
}

/** An empty value is no condition, and Orthanc does not even look at its name. */
function parseAttribute(name: string, value: string): readonly { tag: Tag; value: string }[] {
  if (value === "") return [];
  const tag = parseTag(name);
  if (tag === undefined) throw new ServerError("UnknownDicomTag", `"${name}" of "Query" is no DICOM tag`);
  return [{ tag, value }];
}

/** The first of these fields that is present wins. */
const parentFields = [
  { field: "ParentPatient", level: "Patient" },
  { field: "ParentStudy", level: "Study" },
  { field: "ParentSeries", level: "Series" },
] as const;

function parseParent(body: BodyReader): ResourceReference | undefined {
  for (const { field, level } of parentFields) {
    const publicId = body.string(field);
    if (publicId !== undefined) return { level, publicId };
  }
  return undefined;
}

function parseLabels(body: BodyReader): FindConditions["labels"] {
  const labels = body.strings("Labels");
  const constraint = body.string("LabelsConstraint") ?? "All";
  if (constraint !== "All" && constraint !== "Any" && constraint !== "None") {
    throw new ServerError("BadRequest", 'Field "LabelsConstraint" must be "All", "Any" or "None"');
  }
  return labels === undefined ? undefined : { labels, constraint };
}

function parseMetadataQuery(
  query: Readonly<Record<string, string>>,
  names: NumberedNames,
): NonNullable<FindConditions["metadata"]> {
  return Object.entries(query).map(([name, value]) => ({
    metadata: names.numberOf(name),
    match: metadataMatch(value),
  }));
}

function metadataMatch(value: string): TagMatch {
  if (value.includes("\\")) return { match: "list", values: value.split("\\") };
  return /[*?]/.test(value) ? { match: "wildcard", pattern: value } : { match: "equal", value };
}

const orderTypes: Readonly<Record<string, { readonly of: "tag" | "metadata"; readonly as: OrderBy["as"] }>> = {
  dicomtag: { of: "tag", as: "text" },
  dicomtagasint: { of: "tag", as: "integer" },
  dicomtagasfloat: { of: "tag", as: "float" },
  metadata: { of: "metadata", as: "text" },
  metadataasint: { of: "metadata", as: "integer" },
  metadataasfloat: { of: "metadata", as: "float" },
};

function parseOrder(item: unknown, metadataNames: NumberedNames): OrderBy {
  const { Type, Key, Direction } = isObject(item) ? item : {};
  const type = typeof Type === "string" ? orderTypes[Type.toLowerCase()] : undefined;
  if (type === undefined)
    throw new ServerError("BadRequest", '"Type" in "OrderBy" must be DicomTag, Metadata, …AsInt or …AsFloat');
  const direction = typeof Direction === "string" ? Direction.toUpperCase() : "";
  if (direction !== "ASC" && direction !== "DESC") {
    throw new ServerError("BadRequest", '"Direction" in "OrderBy" must be ASC or DESC');
  }
  if (typeof Key !== "string") throw new ServerError("BadRequest", '"Key" in "OrderBy" must be a string');
  const key = type.of === "metadata" ? { metadata: metadataNames.numberOf(Key) } : { tag: parseKeyTag(Key) };
  return { key, as: type.as, descending: direction === "DESC" };
}

function parseKeyTag(name: string): Tag {
  const tag = parseTag(name);
  if (tag === undefined) throw new ServerError("BadRequest", `"${name}" in "OrderBy" is no DICOM tag`);
  return tag;
}
