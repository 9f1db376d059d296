import { lookupTag, parseTag } from "../dicom/dictionary.ts";
import type { JsonModel, JsonModelAttribute, JsonModelValue } from "../dicom/json-model.ts";
import { parsePersonName } from "../dicom/person-name.ts";
import { tagHex, tagWithComma, type Tag } from "../dicom/tag.ts";
import { vrRow, type VR } from "../dicom/vr.ts";

/** The items of a sequence in the DICOM JSON model. */
export type SequenceItems = readonly JsonModel[];

/**
 * Reads one sequence from the metadata `MainDicomSequences` (`{"Version": 1, "Sequences": {…}}`, tags in Orthanc's full format).
 * Undefined when it is not there.
 */
export function readMainSequence(metadata: string, tag: Tag): SequenceItems | undefined {
  const parsed: unknown = JSON.parse(metadata);
  const sequences = isObject(parsed) ? parsed["Sequences"] : undefined;
  const attribute = isObject(sequences) ? sequences[tagWithComma(tag)] : undefined;
  const items = isObject(attribute) ? attribute["Value"] : undefined;
  return Array.isArray(items) ? items.filter(isObject).map(modelOf) : undefined;
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function modelOf(item: Json): JsonModel {
  const model: Record<string, JsonModelAttribute> = {};
  for (const [key, attribute] of Object.entries(item)) {
    const tag = parseTag(key);
    if (tag === undefined || !isObject(attribute)) continue;
    const vr = lookupTag(tag)?.vr ?? "UN";
    model[tagHex(tag)] = { vr, ...valueOf(vr, attribute["Value"]) };
  }
  return model;
}

function valueOf(vr: VR, value: unknown): Pick<JsonModelAttribute, "Value"> {
  if (Array.isArray(value)) return value.length === 0 ? {} : { Value: value.filter(isObject).map(modelOf) };
  if (typeof value !== "string" || value === "") return {};
  return { Value: (vrRow(vr).multiValued ? value.split("\\") : [value]).map((text) => modelValue(vr, text)) };
}

/** PS3.18 Table F.2.3-1 */
function modelValue(vr: VR, text: string): JsonModelValue {
  if (text === "") return null;
  if (vr === "PN") return parsePersonName(text);
  const isNumber = vr === "DS" || vr === "IS" || vrRow(vr).kind === "integer" || vrRow(vr).kind === "float";
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}
