import { ServerError } from "../util/errors.ts";
import { buildDataset, type NewAttribute } from "./build-dataset.ts";
import { SpecificCharacterSet } from "./charset.ts";
import type { Dataset } from "./dataset.ts";
import { lookupTag, parseTag } from "./dictionary.ts";
import type { PlainValue } from "./encode-value.ts";
import { defaultLimits } from "./parse-options.ts";
import { elementOf, groupOf, isPrivate, tagWithComma, type Tag } from "./tag.ts";
import { vrRow, type ValueKind, type VR } from "./vr.ts";

export interface FromOrthancJsonOptions {
  /** Of the text, unless the tags have (0008,0005). */
  readonly charset: SpecificCharacterSet;
  /** Of private tags whose block is not reserved by a tag beside them. */
  readonly privateCreator?: string;
  /** Whether a base64 data URI stands for its bytes (`InterpretBinaryTags`). Default true. */
  readonly interpretBinaryTags?: boolean;
}

const specificCharacterSet: Tag = 0x00080005;

/**
 * The dataset of tags as Orthanc's clients write them: by keyword or hexadecimal, with texts, numbers, lists of them, null, data URIs,
 * and sequences as arrays of objects. Nothing is added but the creators of private blocks; lengths of groups are left out. Throws
 * `UnknownDicomTag`, `BadParameterType` (values of another kind), `ParameterOutOfRange` and `BadFileFormat` (values that the
 * VR cannot hold).
 */
export function datasetFromJson(tags: object, options: FromOrthancJsonOptions): Dataset {
  return datasetOf(tags, options, { path: "", depth: 0 });
}

interface Place {
  /** Such as `ScheduledProcedureStepSequence[0].`; empty at the root. */
  readonly path: string;
  readonly depth: number;
}

/** One tag on its way. */
interface Given {
  readonly tag: Tag;
  readonly vr: VR;
  readonly value: unknown;
  readonly name: string;
}

function datasetOf(tags: object, options: FromOrthancJsonOptions, place: Place): Dataset {
  if (place.depth > defaultLimits.depth) throw new ServerError("BadRequest", "the sequences are nested too deeply");
  const byTag = new Map<Tag, { readonly name: string; readonly value: unknown }>();
  for (const [key, value] of Object.entries(tags)) {
    const name = place.path + key;
    byTag.set(tagOf(key, name), { name, value });
  }
  const charset = charsetOf(byTag.get(specificCharacterSet)?.value, options.charset);
  const inner = { ...options, charset };
  const attributes = new Map<Tag, NewAttribute>();
  for (const [tag, { name, value }] of byTag) {
    if (elementOf(tag) === 0) continue;
    const creator = isPrivate(tag) ? creatorOf(tag, (at) => byTag.get(at)?.value, options.privateCreator) : undefined;
    if (creator !== undefined) attributes.set(creator.tag, { tag: creator.tag, vr: "LO", value: creator.name });
    const given = { tag, vr: vrOf(tag, value, creator?.name), value, name };
    attributes.set(tag, { tag, vr: given.vr, value: valueOf(given, inner, place) });
  }
  return buildDataset(attributes.values(), { charset });
}

function tagOf(key: string, name: string): Tag {
  const tag = parseTag(key);
  if (tag === undefined) throw new ServerError("UnknownDicomTag", `"${name}" is no DICOM tag`);
  if (groupOf(tag) === 0xfffe) throw new ServerError("ParameterOutOfRange", `"${name}" is no attribute of a dataset`);
  return tag;
}

function charsetOf(value: unknown, fallback: SpecificCharacterSet): SpecificCharacterSet {
  const terms = Array.isArray(value) ? value.join("\\") : value;
  if (typeof terms !== "string" || terms.trim() === "") return fallback;
  const charset = SpecificCharacterSet.parse(terms, fallback);
  // One object stands for the same terms, so these may be those of the fallback.
  if (charset !== fallback || terms.trim() === fallback.value) return charset;
  throw new ServerError("ParameterOutOfRange", `SpecificCharacterSet: "${terms}" is not supported`);
}

/** The creator of a private tag and where it stands (PS3.5 §7.8.1); undefined for a creator itself. */
function creatorOf(
  tag: Tag,
  valueAt: (tag: Tag) => unknown,
  fallback: string | undefined,
): { readonly tag: Tag; readonly name: string } | undefined {
  const element = elementOf(tag);
  if (element >= 0x10 && element <= 0xff) return undefined;
  const block = element >>> 8;
  const place = tag - element + block;
  const beside = valueAt(place);
  const name = typeof beside === "string" ? beside : fallback;
  if (block < 0x10) throw new ServerError("ParameterOutOfRange", `${tagWithComma(tag)} is in no private block`);
  if (name !== undefined && name !== "") return { tag: place, name };
  throw new ServerError(
    "ParameterOutOfRange",
    `${tagWithComma(tag)} is private: expected its creator at ${tagWithComma(place)} or as "PrivateCreator"`,
  );
}

/** The VR of the dictionary; of unknown tags one that can hold the value. */
function vrOf(tag: Tag, value: unknown, creator: string | undefined): VR {
  const entry = lookupTag(tag, creator);
  if (entry !== undefined) return entry.choice === "xs" && /^\s*-/.test(String(value)) ? "SS" : entry.vr;
  if (isDataUri(value)) return "UN";
  return isList(value) && value.some(isObject) ? "SQ" : "LO";
}

function valueOf(given: Given, options: FromOrthancJsonOptions, place: Place): NewAttribute["value"] {
  const { value, vr } = given;
  if (value === null) return [];
  if (vr === "SQ") return itemsOf(given, options, place);
  const isBytes = vrRow(vr).kind === "bytes" ? isDataUri(value) : isOctetStreamUri(value);
  if (options.interpretBinaryTags !== false && isBytes && typeof value === "string") return bytesOfDataUri(value);
  return plainValues[vrRow(vr).kind](given);
}

function itemsOf({ value, name }: Given, options: FromOrthancJsonOptions, place: Place): readonly Dataset[] {
  if (value === "") return [];
  const items = isList(value) ? value : [value];
  return items.map((item, at) => {
    const path = `${name}[${at}]`;
    if (!isObject(item)) throw new ServerError("BadParameterType", `${path}: expected an object, for a sequence`);
    return datasetOf(item, options, { path: `${path}.`, depth: place.depth + 1 });
  });
}

type Reader = (given: Given) => readonly PlainValue[] | Uint8Array;

const plainValues: Readonly<Record<ValueKind, Reader>> = {
  text: (given) => plainList(given),
  integer: (given) => plainList(given).flatMap(separate),
  float: (given) => plainList(given).flatMap(separate),
  tags: (given) =>
    plainList(given)
      .flatMap(separate)
      .map((value) => parseTag(String(value)) ?? value),
  bytes: (given) => Buffer.from(plainList(given).join("\\"), "utf8"),
  sequence: () => [],
};

function plainList({ value, name, vr }: Given): readonly PlainValue[] {
  const list = isList(value) ? value : [value];
  return list.map((entry) => {
    if (entry === null) return "";
    if (typeof entry === "string" || typeof entry === "number") return entry;
    throw new ServerError("BadParameterType", `${name}: expected a string or a number, for VR ${vr}`);
  });
}

/** The values in a text of several; none in an empty one. */
function separate(value: PlainValue): readonly PlainValue[] {
  if (typeof value !== "string") return [value];
  return value.trim() === "" ? [] : value.split("\\").map((part) => part.trim());
}

const dataUri = /^data:[^,;]*;base64,/;

function isDataUri(value: unknown): value is string {
  return typeof value === "string" && dataUri.test(value);
}

/** The data URIs that stand for bytes in text as well: of others an attribute of text may be meant to hold the URI. */
function isOctetStreamUri(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("data:application/octet-stream;base64,");
}

function bytesOfDataUri(uri: string): Uint8Array {
  return Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64");
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
