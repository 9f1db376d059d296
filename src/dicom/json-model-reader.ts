import { ServerError } from "../util/errors.ts";
import { buildDataset, type NewAttribute } from "./build-dataset.ts";
import { SpecificCharacterSet } from "./charset.ts";
import type { Dataset } from "./dataset.ts";
import type { PlainValue } from "./encode-value.ts";
import { formatPersonName, personNameGroups, type PersonName } from "./person-name.ts";
import { parseTagNumber, type Tag } from "./tag.ts";
import { isVR, vrRow, type VR } from "./vr.ts";

export interface FromJsonModelOptions {
  /** The little-endian bytes that a BulkDataURI stands for. Without it, or where it gives none, such a value is refused. */
  readonly bulkData?: (uri: string) => Uint8Array | undefined;
}

const specificCharacterSet: Tag = 0x00080005;
const maximumDepth = 512;

/**
 * Reads a dataset in the DICOM JSON model (PS3.18 Annex F), to be written in any encoding. Text is encoded in the
 * character set that (0008,0005) declares, in UTF-8 where there is none. Throws `BadFileFormat` naming the attribute.
 */
export function fromJsonModel(json: unknown, options: FromJsonModelOptions = {}): Dataset {
  return datasetOf(json, options, { path: "", depth: 0, charset: SpecificCharacterSet.utf8 });
}

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly charset: SpecificCharacterSet;
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(path: string, problem: string): ServerError {
  return new ServerError("BadFileFormat", `DICOM JSON model${path === "" ? "" : ` at ${path}`}: ${problem}`);
}

function datasetOf(json: unknown, options: FromJsonModelOptions, place: Place): Dataset {
  if (!isObject(json)) throw bad(place.path, "expected an object");
  if (place.depth > maximumDepth) throw bad(place.path, `more than ${maximumDepth} nested sequences`);
  const declared = isObject(json["00080005"]) ? json["00080005"]["Value"] : undefined;
  const terms = Array.isArray(declared) ? declared.join("\\") : undefined;
  const charset = SpecificCharacterSet.parse(terms, place.charset);
  const attributes = Object.entries(json).map(([hex, attribute]) =>
    attributeOf(hex, attribute, options, { path: `${place.path}/${hex}`, depth: place.depth + 1, charset }),
  );
  // What JSON holds is UTF-8: without a declaration it must be made known.
  const isDeclared = terms !== undefined || place.depth > 0;
  if (!isDeclared) attributes.push({ tag: specificCharacterSet, vr: "CS", value: charset.value });
  return buildDataset(attributes, { charset });
}

function attributeOf(hex: string, attribute: unknown, options: FromJsonModelOptions, place: Place): NewAttribute {
  const tag = parseTagNumber(hex);
  if (tag === undefined) throw bad(place.path, "expected eight hexadecimal digits");
  if (!isObject(attribute)) throw bad(place.path, "expected an object");
  const { vr = "UN", Value = [], InlineBinary, BulkDataURI } = attribute;
  if (typeof vr !== "string" || !isVR(vr)) throw bad(place.path, `vr ${JSON.stringify(vr)} is none`);
  if (InlineBinary !== undefined || BulkDataURI !== undefined) {
    return { tag, vr, value: bytesOf(InlineBinary, BulkDataURI, options, place) };
  }
  if (!Array.isArray(Value)) throw bad(place.path, "Value: expected an array");
  if (vr === "SQ") {
    const items = Value.map((item, at) =>
      datasetOf(item ?? {}, options, { ...place, path: `${place.path}/${at + 1}` }),
    );
    return { tag, vr, value: items };
  }
  return { tag, vr, value: Value.map((value: unknown) => plainOf(value, vr, place)) };
}

function bytesOf(inline: unknown, uri: unknown, options: FromJsonModelOptions, place: Place): Uint8Array {
  if (typeof inline === "string") {
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(inline)) throw bad(place.path, "InlineBinary: expected base64");
    return Buffer.from(inline, "base64");
  }
  const bytes = typeof uri === "string" ? options.bulkData?.(uri) : undefined;
  if (bytes === undefined) throw bad(place.path, "the bulk data is not at hand");
  return bytes;
}

function plainOf(value: unknown, vr: VR, place: Place): PlainValue {
  if (value === null) return "";
  if (vr === "PN" && isObject(value)) return formatPersonName(personName(value, place));
  if (typeof value === "string" || typeof value === "number") return value;
  throw bad(place.path, `${JSON.stringify(value).slice(0, 40)} is no value of VR ${vr} (${vrRow(vr).kind})`);
}

function personName(value: JsonObject, place: Place): PersonName {
  const groups = Object.entries(value);
  const wrong = groups.find((group) => !isPersonNameGroup(group));
  if (wrong !== undefined) throw bad(place.path, `"${wrong[0]}" is no group of a person name`);
  return Object.fromEntries(groups);
}

function isPersonNameGroup([key, text]: [string, unknown]): boolean {
  return personNameGroups.some((group) => group === key) && typeof text === "string";
}
