import type { SpecificCharacterSet } from "../../dicom/charset.ts";
import { Dataset, type Element } from "../../dicom/dataset.ts";
import { lookupTag } from "../../dicom/dictionary.ts";
import { padded } from "../../dicom/encode-value.ts";
import type { Tag } from "../../dicom/tag.ts";
import { vrRow, type VR } from "../../dicom/vr.ts";
import { itemsOf } from "./unknown-sequence.ts";

const specificCharacterSet: Tag = 0x00080005;

/**
 * The dataset with its text in another character set, that of all items too. Text that was left in a file is not changed: load it
 * before (`isLocalised` tells which).
 */
export function recode(dataset: Dataset, charset: SpecificCharacterSet): Dataset {
  const elements = new Map(recodedElements(dataset, charset).map((element) => [element.tag, element]));
  const value = padded(Buffer.from(charset.value, "latin1"), "CS");
  elements.set(specificCharacterSet, { tag: specificCharacterSet, vr: "CS", offset: 0, length: value.length, value });
  return new Dataset(elements, dataset.littleEndian, charset);
}

function recodedElements(dataset: Dataset, charset: SpecificCharacterSet): Element[] {
  return [...dataset]
    .filter(({ tag }) => tag !== specificCharacterSet)
    .map((element) => {
      const items = itemsOf(element, dataset)?.map(
        (item) => new Dataset(recodedElements(item, charset), item.littleEndian, charset),
      );
      if (items !== undefined) return { ...placeOf(element), vr: "SQ", items };
      const vr = textVR(element, dataset);
      if (vr === undefined || element.value === undefined) return element;
      const value = padded(charset.encode(dataset.charset.decode(element.value, vr), vr), vr);
      return { ...placeOf(element), length: value.length, value };
    });
}

function placeOf({ tag, vr, offset, length }: Element): Element {
  return { tag, vr, offset, length };
}

/** Whether the element is text in the character set of the dataset (PS3.5 §6.1.2.3). */
export function isLocalised(element: Element, dataset: Dataset): boolean {
  return textVR(element, dataset) !== undefined;
}

function textVR({ tag, vr: given }: Element, dataset: Dataset): VR | undefined {
  const vr = given === "UN" ? (lookupTag(tag, dataset.privateCreatorOf(tag))?.vr ?? given) : given;
  return vrRow(vr).localised ? vr : undefined;
}

/** Every character set has these; some have others in place of the backslash and the tilde (PS3.3 §C.12.1.1.2). */
const inEverySet = /^[ -[\]-}]*$/;

/** Whether the character set has all characters of the text. */
export function canEncode(charset: SpecificCharacterSet, text: string): boolean {
  return inEverySet.test(text) || charset.decode(charset.encode(text, "UT"), "UT") === text;
}
