import { tagHex, type Tag } from "../dicom/tag.ts";
import { vrRow, type VR } from "../dicom/vr.ts";

/** Writes one attribute of the DICOM JSON model (PS3.18 §F.2.2) from its decoded text, as the catalog keeps values. */
export type ElementWriter = (value: string) => string;

/**
 * A writer for one attribute, its beginning prepared: pages of hundreds of matches are written without an object in between.
 * Gives e.g. `"00100020":{"vr":"LO","Value":["X"]}`.
 */
export function elementWriter(tag: Tag, vr: VR): ElementWriter {
  const empty = `"${tagHex(tag)}":{"vr":"${vr}"`;
  const { multiValued } = vrRow(vr);
  const write = valueWriter(vr);
  return (text) => {
    if (text === "") return `${empty}}`;
    const values = multiValued && text.includes("\\") ? text.split("\\").map(write).join(",") : write(text);
    return `${empty},"Value":[${values}]}`;
  };
}

/** `"00080005":{"vr":"CS","Value":["ISO_IR 192"]}` */
export function textElement(tag: Tag, vr: VR, value: string): string {
  return elementWriter(tag, vr)(value);
}

function valueWriter(vr: VR): ElementWriter {
  if (vr === "PN") return personName;
  const { kind } = vrRow(vr);
  return vr === "DS" || vr === "IS" || kind === "integer" || kind === "float" ? number : string;
}

function string(value: string): string {
  return value === "" ? "null" : JSON.stringify(value);
}

/** What cannot be a number of JSON stays a string (PS3.18 §F.2.3.1). */
function number(value: string): string {
  const trimmed = value.trim();
  if (trimmed === "") return "null";
  const parsed = Number(trimmed);
  return Number.isFinite(parsed) ? String(parsed) : JSON.stringify(trimmed);
}

const groups = ["Alphabetic", "Ideographic", "Phonetic"];

/** PS3.18 §F.2.2 */
function personName(value: string): string {
  if (!value.includes("=")) return value === "" ? "null" : `{"Alphabetic":${JSON.stringify(value)}}`;
  const members = value
    .split("=")
    .slice(0, groups.length)
    .flatMap((group, index) => (group === "" ? [] : `"${groups[index] ?? ""}":${JSON.stringify(group)}`));
  return `{${members.join(",")}}`;
}
