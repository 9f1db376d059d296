import { ServerError } from "../util/errors.ts";
import { totalLength } from "../util/total-length.ts";
import type { Dataset, Element, Fragment } from "./dataset.ts";
import { padded } from "./encode-value.ts";
import { elementOf, groupOf, tagWithComma, type Tag } from "./tag.ts";
import { vrRow, type VR } from "./vr.ts";

/** How elements are written. */
export interface ElementEncoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  readonly encapsulated: boolean;
}

export const undefinedLength = 0xffffffff;
export const item: Tag = 0xfffee000;
export const sequenceDelimitation: Tag = 0xfffee0dd;
const pixelData: Tag = 0x7fe00010;
const longestShortForm = 0xffff;

/**
 * The bytes of one element of the outermost dataset, header included, in pieces. Sequences get defined lengths and group
 * lengths, which would be wrong, are left out. `littleEndian` is the byte order of `element`. Throws `BadFileFormat`.
 */
export function elementBytes(element: Element, encoding: ElementEncoding, littleEndian = true): Buffer[] {
  checkPixelData(element, encoding);
  return nestedElementBytes(element, encoding, littleEndian);
}

/** Whether the element is left out: the length of a group that may have changed. */
export function isGroupLength(tag: Tag): boolean {
  return elementOf(tag) === 0 && groupOf(tag) !== 2;
}

/** Pixel data of the outermost dataset are as the transfer syntax has them; those of an icon may be native in any (PS3.5 §A.4). */
export function checkPixelData({ tag, length, fragments }: Element, { encapsulated }: ElementEncoding): void {
  if (tag === pixelData && encapsulated && length > 0 && fragments === undefined) {
    throw bad(tag, "the transfer syntax needs encapsulated pixel data");
  }
  if (!encapsulated && fragments !== undefined) throw bad(tag, "the transfer syntax has no encapsulated pixel data");
}

/** As `elementBytes`, for an element of an item. */
export function nestedElementBytes(element: Element, encoding: ElementEncoding, littleEndian: boolean): Buffer[] {
  if (isGroupLength(element.tag)) return [];
  if (element.fragments !== undefined) return fragmentsBytes(element, element.fragments, encoding);
  const content =
    element.items === undefined
      ? [valueBytes(element, littleEndian !== encoding.littleEndian)]
      : element.items.flatMap((dataset) => itemBytes(dataset, encoding));
  const length = totalLength(content);
  return [elementHeader(element.tag, element.vr, length, encoding), ...content];
}

function bad(tag: Tag, problem: string): ServerError {
  return new ServerError("BadFileFormat", `${tagWithComma(tag)} cannot be written: ${problem}`);
}

/** Tag, VR and length (PS3.5 §7.1). A value too long for the short form is written as UN (PS3.5 §6.2.2). */
export function elementHeader(
  tag: Tag,
  given: VR,
  length: number,
  { explicit, littleEndian }: ElementEncoding,
): Buffer {
  const vr = !vrRow(given).longForm && length > longestShortForm ? "UN" : given;
  const isLong = explicit && vrRow(vr).longForm;
  const bytes = Buffer.allocUnsafe(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint16(0, groupOf(tag), littleEndian);
  view.setUint16(2, elementOf(tag), littleEndian);
  if (explicit) bytes.write(vr, 4, "latin1");
  if (isLong) view.setUint16(6, 0);
  if (explicit && !isLong) view.setUint16(6, length, littleEndian);
  else view.setUint32(isLong ? 8 : 4, length, littleEndian);
  return bytes;
}

function valueBytes({ tag, vr, value, length }: Element, isSwapped: boolean): Buffer {
  if (value === undefined && length > 0) throw bad(tag, "its value was left in the file");
  const bytes = padded(value ?? Buffer.alloc(0), vr);
  const { size } = vrRow(vr);
  if (!isSwapped || size === 1 || bytes.length % size !== 0) return bytes;
  const copy = Buffer.from(bytes);
  return size === 2 ? copy.swap16() : size === 4 ? copy.swap32() : copy.swap64();
}

/** The header of an item, a fragment or a delimiter (PS3.5 §7.5). */
export function itemHeader(tag: Tag, length: number, littleEndian: boolean): Buffer {
  return elementHeader(tag, "UN", length, { explicit: false, littleEndian, encapsulated: false });
}

function itemBytes(dataset: Dataset, encoding: ElementEncoding): Buffer[] {
  const content = [...dataset].flatMap((element) => nestedElementBytes(element, encoding, dataset.littleEndian));
  const length = totalLength(content);
  return [itemHeader(item, length, encoding.littleEndian), ...content];
}

/** Encapsulated pixel data (PS3.5 §A.4), in an icon too. */
function fragmentsBytes({ tag }: Element, fragments: readonly Fragment[], encoding: ElementEncoding): Buffer[] {
  const items = fragments.flatMap(({ value, length }) => {
    if (value === undefined && length > 0) throw bad(tag, "a fragment was left in the file");
    const bytes = padded(value ?? Buffer.alloc(0), "OB");
    return [itemHeader(item, bytes.length, encoding.littleEndian), bytes];
  });
  return [
    elementHeader(tag, "OB", undefinedLength, encoding),
    ...items,
    itemHeader(sequenceDelimitation, 0, encoding.littleEndian),
  ];
}
