import { keywordOf, parseTag } from "../../../src/dicom/dictionary.ts";
import type { JsonDataset, JsonElement, JsonPersonName } from "./json-dataset.ts";

/** Attributes of Google's private block, which the standard's dictionary does not have. */
const googleBlock = { creator: "GOOGLE", group: "0009", keywords: { "97": "FailureDetail" } } as const;

/** The Native DICOM Model (PS3.19 §A.1) of a dataset in the JSON model. */
export function nativeDicomModel(dataset: JsonDataset): string {
  return `<?xml version="1.0" encoding="UTF-8"?><NativeDicomModel>${attributes(dataset)}</NativeDicomModel>`;
}

function attributes(dataset: JsonDataset): string {
  return Object.entries(dataset)
    .filter(([tag]) => !isPrivateCreator(tag))
    .map(([tag, element]) => `<DicomAttribute ${name(tag, element)}>${content(element)}</DicomAttribute>`)
    .join("");
}

/** Private creators are an attribute of the elements that they own, not elements of the XML. */
function isPrivateCreator(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1 && tag.slice(4, 6) === "00";
}

function name(tag: string, element: JsonElement): string {
  const vr = `vr="${element.vr}"`;
  if (tag.startsWith(googleBlock.group)) {
    const keyword = tag.endsWith("97") ? googleBlock.keywords["97"] : "";
    return `tag="${googleBlock.group}00${tag.slice(6)}" ${vr} keyword="${keyword}" privateCreator="${googleBlock.creator}"`;
  }
  const known = parseTag(tag);
  return `tag="${tag}" ${vr} keyword="${known === undefined ? "" : escape(keywordOf(known))}"`;
}

function content(element: JsonElement): string {
  if (element.BulkDataURI !== undefined) return `<BulkData uri="${escape(element.BulkDataURI)}"/>`;
  if (element.InlineBinary !== undefined) return `<InlineBinary>${element.InlineBinary}</InlineBinary>`;
  return (element.Value ?? []).map((value, index) => valueXml(element.vr, value, index + 1)).join("");
}

function valueXml(vr: string, value: string | number | JsonPersonName | JsonDataset, number: number): string {
  if (typeof value !== "object") return `<Value number="${number}">${escape(String(value))}</Value>`;
  if (vr === "SQ") return `<Item number="${number}">${attributes(value as JsonDataset)}</Item>`;
  return `<PersonName number="${number}">${personName(value)}</PersonName>`;
}

const nameParts = ["FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"];

function personName(name: JsonPersonName): string {
  return Object.entries(name)
    .map(([group, text]) => `<${group}>${nameComponents(String(text))}</${group}>`)
    .join("");
}

function nameComponents(text: string): string {
  return text
    .split("^")
    .map((part, index) => (part === "" ? "" : `<${nameParts[index]}>${escape(part)}</${nameParts[index]}>`))
    .join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
