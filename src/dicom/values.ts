import type { Dataset, Element } from "./dataset.ts";
import { lookupTag } from "./dictionary.ts";
import { vrRow, type ValueKind, type VR, type VRRow } from "./vr.ts";

/** Reads one binary value at `offset` of the view. */
type Read = (view: DataView, offset: number, littleEndian: boolean) => number | bigint;

const readers: Readonly<Record<string, Read>> = {
  OB: (view, offset) => view.getUint8(offset),
  UN: (view, offset) => view.getUint8(offset),
  OW: (view, offset, littleEndian) => view.getUint16(offset, littleEndian),
  OL: (view, offset, littleEndian) => view.getUint32(offset, littleEndian),
  OV: (view, offset, littleEndian) => view.getBigUint64(offset, littleEndian),
  US: (view, offset, littleEndian) => view.getUint16(offset, littleEndian),
  SS: (view, offset, littleEndian) => view.getInt16(offset, littleEndian),
  UL: (view, offset, littleEndian) => view.getUint32(offset, littleEndian),
  SL: (view, offset, littleEndian) => view.getInt32(offset, littleEndian),
  UV: (view, offset, littleEndian) => view.getBigUint64(offset, littleEndian),
  SV: (view, offset, littleEndian) => view.getBigInt64(offset, littleEndian),
  FL: (view, offset, littleEndian) => view.getFloat32(offset, littleEndian),
  FD: (view, offset, littleEndian) => view.getFloat64(offset, littleEndian),
  OF: (view, offset, littleEndian) => view.getFloat32(offset, littleEndian),
  OD: (view, offset, littleEndian) => view.getFloat64(offset, littleEndian),
};

/** The whole values of a binary VR; a last incomplete one is left out. */
export function binaryValues(element: Element, littleEndian: boolean): (number | bigint)[] {
  const read = readers[element.vr];
  const { value } = element;
  if (read === undefined || value === undefined) return [];
  const { size } = vrRow(element.vr);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: Math.floor(value.length / size) }, (_, at) => read(view, at * size, littleEndian));
}

/** The tags of an AT value as `ggggeeee`. */
export function tagValues(element: Element, littleEndian: boolean): string[] {
  const { value } = element;
  if (value === undefined) return [];
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const part = (offset: number): string =>
    view.getUint16(offset, littleEndian).toString(16).toUpperCase().padStart(4, "0");
  return Array.from({ length: Math.floor(value.length / 4) }, (_, at) => part(at * 4) + part(at * 4 + 2));
}

/** The shortest decimal that reads back as the same 32-bit (FL) or 64-bit float. */
export function floatText(value: number, vr: VR): string {
  if (vr !== "FL" && vr !== "OF") return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function decoded(element: Element, dataset: Dataset): string | undefined {
  return element.value === undefined ? undefined : dataset.charset.decode(element.value, element.vr);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0;
}

/** Without trailing spaces and NULs (PS3.5 §6.2 padding). */
export function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && isPadding(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** An element that came as UN, with the VR that the dictionaries have for it (PS3.5 §6.2.2 note 2 allows to look). */
function withKnownVR(element: Element, dataset: Dataset): Element {
  if (element.vr !== "UN" || element.value === undefined) return element;
  const { tag, offset, length, value } = element;
  const vr = lookupTag(tag, dataset.privateCreatorOf(tag))?.vr;
  return vr === undefined || vr === "SQ" ? element : { tag, vr, offset, length, value };
}

/** As `Dataset.text`. */
export function textOf(given: Element, dataset: Dataset): string | undefined {
  const element = withKnownVR(given, dataset);
  const row = vrRow(element.vr);
  if (row.kind === "text") {
    const text = decoded(element, dataset);
    if (text === undefined) return undefined;
    return element.vr === "UI" ? withoutPadding(text).trimStart() : withoutPadding(text);
  }
  if (row.kind === "bytes" || row.kind === "sequence" || element.value === undefined) return undefined;
  return stringsOf(element, dataset).join("\\");
}

const stringReaders: Readonly<Record<ValueKind, (element: Element, dataset: Dataset) => string[]>> = {
  text: (element, dataset) => textValues(decoded(element, dataset) ?? "", vrRow(element.vr)),
  tags: (element, { littleEndian }) => tagValues(element, littleEndian),
  integer: (element, { littleEndian }) => binaryValues(element, littleEndian).map(String),
  float: (element, { littleEndian }) =>
    binaryValues(element, littleEndian).map((value) => floatText(Number(value), element.vr)),
  bytes: () => [],
  sequence: () => [],
};

/** As `Dataset.strings`. */
export function stringsOf(given: Element, dataset: Dataset): string[] {
  const element = withKnownVR(given, dataset);
  return stringReaders[vrRow(element.vr).kind](element, dataset);
}

/** Splits text into its values; leading spaces are significant only in texts of one value (PS3.5 §6.2). */
function textValues(text: string, row: VRRow): string[] {
  const plain = withoutPadding(text);
  if (plain === "") return [];
  if (!row.multiValued) return [plain];
  return plain.split("\\").map((value) => withoutPadding(value).replace(/^ +/, ""));
}

/** As `Dataset.numbers`. */
export function numbersOf(given: Element, dataset: Dataset): number[] {
  const element = withKnownVR(given, dataset);
  if (element.vr === "DS" || element.vr === "IS") {
    return stringsOf(element, dataset).map((text) => (text === "" ? Number.NaN : Number(text)));
  }
  const { kind } = vrRow(element.vr);
  return kind === "integer" || kind === "float" ? binaryValues(element, dataset.littleEndian).map(Number) : [];
}
