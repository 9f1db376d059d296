import type { Dataset, Element } from "./dataset.ts";
import { parsePersonName, type PersonName } from "./person-name.ts";
import { elementOf, groupOf, tagHex, type Tag } from "./tag.ts";
import { binaryValues, floatText, stringsOf } from "./values.ts";
import { vrRow, type VR } from "./vr.ts";

export type JsonModelValue = string | number | null | PersonName | JsonModel;

/** One attribute of the DICOM JSON model (PS3.18 §F.2.2). */
export interface JsonModelAttribute {
  readonly vr: VR;
  readonly Value?: readonly JsonModelValue[];
  readonly BulkDataURI?: string;
  /** Base64 of the little-endian bytes. */
  readonly InlineBinary?: string;
}

/** A dataset in the DICOM JSON model: attributes by eight hexadecimal digits. */
export interface JsonModel {
  readonly [tag: string]: JsonModelAttribute;
}

export interface JsonModelOptions {
  /**
   * The URI at which a binary value can be had, asked with its path (`7fe00010`, in items `00081140/1/00081155` with
   * items counted from 1). Undefined, or without this option, the value is given inline, unless it was left in the file.
   */
  readonly bulkDataUri?: (path: string, element: Element) => string | undefined;
  /** OB, OD, OF, OL, OV and OW as arrays of numbers where a value is not given by reference. Not in the standard; Orthanc has it. */
  readonly numbersForBytes?: boolean;
  /** Report (0008,0005) as `ISO_IR 192`, which is what the text now is (PS3.18 §F.2.1). Otherwise as it was. */
  readonly declareUtf8?: boolean;
}

const specificCharacterSet: Tag = 0x00080005;

/** The DICOM JSON model of a dataset (PS3.18 Annex F), without group lengths and file meta information. */
export function toJsonModel(dataset: Dataset, options: JsonModelOptions = {}): JsonModel {
  return modelOf(dataset, options, "");
}

function modelOf(dataset: Dataset, options: JsonModelOptions, path: string): JsonModel {
  const model: Record<string, JsonModelAttribute> = {};
  for (const element of dataset) {
    if (elementOf(element.tag) === 0 || groupOf(element.tag) === 2) continue;
    const hex = tagHex(element.tag);
    model[hex] =
      element.tag === specificCharacterSet && options.declareUtf8 === true
        ? { vr: "CS", Value: ["ISO_IR 192"] }
        : attributeOf(element, dataset, options, path + hex.toLowerCase());
  }
  return model;
}

function attributeOf(element: Element, dataset: Dataset, options: JsonModelOptions, path: string): JsonModelAttribute {
  const { vr } = element;
  const { kind } = vrRow(vr);
  if (element.items !== undefined) {
    const items = element.items.map((item, at) => modelOf(item, options, `${path}/${at + 1}/`));
    return items.length === 0 ? { vr: "SQ" } : { vr: "SQ", Value: items };
  }
  if (element.length === 0) return { vr };
  if (kind === "bytes" || element.value === undefined) {
    const uri = options.bulkDataUri?.(path, element);
    if (uri !== undefined) return { vr, BulkDataURI: uri };
    if (element.value === undefined) return { vr };
    if (kind === "bytes" && options.numbersForBytes !== true) {
      return { vr, InlineBinary: littleEndianBytes(element, dataset).toString("base64") };
    }
  }
  const values = valuesOf(element, dataset);
  return values.length === 0 ? { vr } : { vr, Value: values };
}

/** The value in little-endian byte order (PS3.18 §F.2.7). */
function littleEndianBytes({ value = Buffer.alloc(0), vr }: Element, { littleEndian }: Dataset): Buffer {
  const { size } = vrRow(vr);
  if (littleEndian || size === 1 || value.length % size !== 0) return value;
  const copy = Buffer.from(value);
  return size === 2 ? copy.swap16() : size === 4 ? copy.swap32() : copy.swap64();
}

function valuesOf(element: Element, dataset: Dataset): JsonModelValue[] {
  const { vr } = element;
  const { kind } = vrRow(vr);
  if (vr === "PN") {
    return stringsOf(element, dataset).map((text) => (text === "" ? null : parsePersonName(text)));
  }
  if (vr === "DS" || vr === "IS") return stringsOf(element, dataset).map((text) => decimalValue(text, vr));
  if (kind === "text" || kind === "tags") {
    return stringsOf(element, dataset).map((text) => (text === "" ? null : text));
  }
  return binaryValues(element, dataset.littleEndian).map((value) => numberOf(value, vr));
}

/** A number where JSON can hold it (PS3.18 Table F.2.3-1). */
function numberOf(value: number | bigint, vr: VR): number | string {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Number.isFinite(value)) return Number(floatText(value, vr));
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

const shapes: Readonly<Partial<Record<VR, RegExp>>> = {
  DS: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  IS: /^[+-]?\d+$/,
};

/** Digits that a 64-bit float always keeps apart. */
const maximumDigits = 17;

/** The number that a DS or IS is; the text itself when it is none, or one that a JSON number would change. */
export function decimalValue(text: string, vr: VR): number | string | null {
  if (text === "") return null;
  const value = Number(text);
  const isShort = text.replace(/[eE].*$/, "").replaceAll(/^[+-]?0*|\D/g, "").length <= maximumDigits;
  const isExact = vr === "IS" ? value === (value | 0) : isShort && Number.isFinite(value);
  return isExact && shapes[vr]?.test(text) === true ? value : text;
}
