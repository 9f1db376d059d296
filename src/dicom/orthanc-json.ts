import type { Dataset, Element } from "./dataset.ts";
import { keywordOf, lookupTag } from "./dictionary.ts";
import { formatG } from "./format-g.ts";
import { groupOf, tagWithComma } from "./tag.ts";
import { binaryValues, tagValues, textOf } from "./values.ts";
import { isTextVR, vrRow, type ValueKind } from "./vr.ts";

/** Orthanc's three forms of DICOM-as-JSON: `full` with name and type, `short` by `gggg,eeee`, `simple` by name. */
export type OrthancJsonFormat = "full" | "short" | "simple";

export interface OrthancJsonOptions {
  /** Longer texts (in bytes of UTF-8) are not given: `TooLong`. Default 256, 0 for no limit. */
  readonly maximumLength?: number;
}

/** One attribute of the `full` form. */
export interface OrthancJsonAttribute {
  readonly Name: string;
  readonly PrivateCreator?: string;
  readonly Type: "String" | "Null" | "TooLong" | "Sequence";
  readonly Value: string | null | readonly OrthancJsonDataset[];
}

/** Keys are tags (`full`, `short`) or names (`simple`), values those of the other forms without `Name` and `Type`. */
export interface OrthancJsonDataset {
  [key: string]: OrthancJsonAttribute | OrthancJsonAttribute["Value"];
}

const defaultMaximumLength = 256;

/** A dataset as Orthanc prints it. Bytes and numbers of 64 bits are null; of attributes of one name `simple` has the last. */
export function toOrthancJson(
  dataset: Dataset,
  format: OrthancJsonFormat,
  options: OrthancJsonOptions = {},
): OrthancJsonDataset {
  const json: OrthancJsonDataset = {};
  for (const element of dataset) {
    // As Orthanc: the bytes of the file meta information are not even mentioned.
    if (groupOf(element.tag) === 2 && vrRow(element.vr).kind === "bytes") continue;
    const creator = dataset.privateCreatorOf(element.tag);
    const name = keywordOf(element.tag, creator);
    const value = valueOf(element, dataset, format, options);
    if (format === "simple") json[name] = value.Value;
    else json[tagWithComma(element.tag)] = format === "short" ? value.Value : fullAttribute(name, creator, value);
  }
  return json;
}

type TypedValue = Pick<OrthancJsonAttribute, "Type" | "Value">;

/** Orthanc gives the creator of private attributes, but not of private sequences. */
function fullAttribute(name: string, creator: string | undefined, value: TypedValue): OrthancJsonAttribute {
  const hasCreator = creator !== undefined && value.Type !== "Sequence";
  return { Name: name, ...(hasCreator ? { PrivateCreator: creator } : {}), ...value };
}

function valueOf(
  element: Element,
  dataset: Dataset,
  format: OrthancJsonFormat,
  options: OrthancJsonOptions,
): TypedValue {
  if (element.items !== undefined) {
    return { Type: "Sequence", Value: element.items.map((item) => toOrthancJson(item, format, options)) };
  }
  const text = orthancText[vrRow(element.vr).kind](element, dataset);
  if (text === undefined) return { Type: "Null", Value: null };
  const limit = options.maximumLength ?? defaultMaximumLength;
  const isTooLong = limit !== 0 && text.length * 3 > limit && Buffer.byteLength(text) > limit;
  return isTooLong ? { Type: "TooLong", Value: null } : { Type: "String", Value: text };
}

type TextReader = (element: Element, dataset: Dataset) => string | undefined;

/** The text that Orthanc gives for a value; undefined where it gives none: bytes, and what was left in the file. */
const orthancText: Readonly<Record<ValueKind, TextReader>> = {
  text: textOf,
  float: (element, dataset) => binaryText(element, dataset, (value) => formatG(Number(value))),
  integer: (element, dataset) => binaryText(element, dataset, String),
  tags(element, dataset) {
    const [first] = tagValues(element, dataset.littleEndian);
    return first === undefined ? undefined : tagWithComma(Number.parseInt(first, 16));
  },
  bytes: (element, dataset) => (isKnownText(element, dataset) ? textOf(element, dataset) : undefined),
  sequence: () => undefined,
};

/** Whether bytes of VR UN are known to be text. */
function isKnownText({ tag, vr: given }: Element, dataset: Dataset): boolean {
  if (given !== "UN") return false;
  const vr = lookupTag(tag, dataset.privateCreatorOf(tag))?.vr;
  return vr !== undefined && isTextVR(vr);
}

function binaryText(
  element: Element,
  dataset: Dataset,
  format: (value: number | bigint) => string,
): string | undefined {
  const values = binaryValues(element, dataset.littleEndian);
  return values.length === 0 ? undefined : values.map(format).join("\\");
}
