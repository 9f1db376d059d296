import type { Dataset, Element } from "../../dicom/dataset.ts";
import { lookupTag } from "../../dicom/dictionary.ts";
import { parseDataset } from "../../dicom/parse-dataset.ts";
import { isPrivate } from "../../dicom/tag.ts";
import { implicitLittleEndian } from "../../dicom/transfer-syntaxes.ts";
import { elementHeader } from "../../dicom/write-element.ts";
import { ServerError } from "../../util/errors.ts";

/** Whether the element is a sequence of the standard that a writer who did not know it declared as bytes (PS3.5 §6.2.2). */
export function isUnknownSequence({ tag, vr }: Element): boolean {
  return vr === "UN" && !isPrivate(tag) && lookupTag(tag)?.vr === "SQ";
}

/** The items of an element, also of one that was declared as bytes, which are implicit VR little endian; undefined without. */
export function itemsOf(element: Element, dataset: Dataset): readonly Dataset[] | undefined {
  if (element.items !== undefined || !isUnknownSequence(element)) return element.items;
  const { tag, value } = element;
  if (value === undefined) return undefined;
  const header = elementHeader(tag, "SQ", value.length, { ...implicitLittleEndian });
  try {
    const options = { transferSyntaxUID: implicitLittleEndian.uid, defaultCharset: dataset.charset };
    return parseDataset(Buffer.concat([header, value]), options).items(tag);
  } catch (error) {
    if (error instanceof ServerError) return undefined;
    throw error;
  }
}
