import type { RequestedTags, SequenceItems } from "../archive/find.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import type { JsonModel, JsonModelAttribute, JsonModelValue } from "../dicom/json-model.ts";
import { formatPersonName, type PersonName } from "../dicom/person-name.ts";
import { tagWithComma } from "../dicom/tag.ts";
import type { TagFormat } from "./tag-json.ts";

type Value = string | null | SequenceItems;

/** `RequestedTags` of a description: texts and sequences by name or number, as Orthanc prints datasets. */
export function requestedTagsJson(values: RequestedTags, format: TagFormat): Record<string, unknown> {
  return printed(Object.entries(values), format);
}

function printed(
  values: readonly (readonly [hex: string, value: Value])[],
  format: TagFormat,
): Record<string, unknown> {
  return Object.fromEntries(
    values.map(([hex, value]) => {
      const tag = Number.parseInt(hex, 16);
      const json = value === null || typeof value === "string" ? value : value.map((item) => itemJson(item, format));
      if (format === "simple") return [keywordOf(tag), json];
      if (format === "short") return [tagWithComma(tag), json];
      return [tagWithComma(tag), { Name: keywordOf(tag), Type: typeOf(value), Value: json }];
    }),
  );
}

function itemJson(item: JsonModel, format: TagFormat): Record<string, unknown> {
  return printed(
    Object.entries(item).map(([hex, attribute]) => [hex, valueOf(attribute)]),
    format,
  );
}

function typeOf(value: Value): string {
  if (value === null) return "Null";
  return typeof value === "string" ? "String" : "Sequence";
}

/** The value of an attribute of the DICOM JSON model as Orthanc has it: bytes are not given. */
function valueOf({ vr, Value = [], InlineBinary, BulkDataURI }: JsonModelAttribute): Value {
  if (vr === "SQ") return Value.filter(isItem);
  if (InlineBinary !== undefined || BulkDataURI !== undefined) return null;
  return Value.map((value) => textOf(value)).join("\\");
}

function textOf(value: JsonModelValue): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  return isPersonName(value) ? formatPersonName(value) : "";
}

/** Of the values that are objects, names have groups of components; the items of sequences have been taken out before. */
function isPersonName(value: JsonModelValue): value is PersonName {
  return typeof value === "object" && value !== null;
}

function isItem(value: JsonModelValue): value is JsonModel {
  return typeof value === "object" && value !== null;
}
