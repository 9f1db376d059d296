import type { SpecificCharacterSet } from "../../dicom/charset.ts";
import { Dataset, type Element } from "../../dicom/dataset.ts";
import { datasetFromJson } from "../../dicom/from-orthanc-json.ts";
import { elementOf, isPrivate, tagHex, type Tag } from "../../dicom/tag.ts";
import { vrRow } from "../../dicom/vr.ts";

/** The dataset that attributes are replaced in: elements by tag, which are changed. */
export interface ReplacedDataset {
  readonly elements: Map<Tag, Element>;
  readonly littleEndian: boolean;
  readonly charset: SpecificCharacterSet;
  /** Creator that private attributes belong to; empty: the one that is in the dataset. */
  readonly privateCreator: string;
}

/** Taken for the dictionary where a private attribute has no creator: none is of this name. */
const noCreator = "-";

/**
 * Sets an attribute to a value as clients write it in JSON. A private one goes to the block that its creator has in this dataset,
 * or else to a free one, which is reserved (PS3.5 §7.8.1). Throws as `datasetFromJson`.
 */
export function replaceAttribute(dataset: ReplacedDataset, tag: Tag, value: unknown): void {
  const { elements, charset } = dataset;
  const place = placeOf(dataset, tag);
  const isOrphan = place.creator === undefined && creatorTag(tag) !== undefined;
  const privateCreator = isOrphan ? noCreator : (place.creator ?? dataset.privateCreator);
  const options = { charset, privateCreator };
  const built = datasetFromJson({ [tagHex(place.tag)]: value }, options);
  const element = built.get(place.tag);
  if (element === undefined) return;
  elements.set(place.tag, inByteOrder(element, dataset.littleEndian));
  const reserved = place.creator === undefined ? undefined : creatorTag(place.tag);
  const creator = reserved === undefined ? undefined : built.get(reserved);
  if (creator !== undefined && !elements.has(creator.tag)) elements.set(creator.tag, creator);
}

interface Place {
  readonly tag: Tag;
  /** Undefined for an attribute that is not private, or that nobody has reserved. */
  readonly creator: string | undefined;
}

/** Where an attribute stands in this dataset. */
function placeOf(dataset: ReplacedDataset, tag: Tag): Place {
  const reservation = creatorTag(tag);
  if (reservation === undefined) return { tag, creator: undefined };
  const present = creatorAt(dataset, reservation);
  const wanted = dataset.privateCreator;
  if (wanted === "" || present === wanted) return { tag, creator: present };
  const own = blocksOf(tag).find((block) => creatorAt(dataset, block) === wanted);
  const free = present === undefined ? reservation : blocksOf(tag).find((block) => !dataset.elements.has(block));
  const block = own ?? free ?? reservation;
  return { tag: tag + (elementOf(block) - elementOf(reservation)) * 0x100, creator: wanted };
}

/** The tag that reserves the block of a private attribute; undefined for others and for such a tag itself. */
function creatorTag(tag: Tag): Tag | undefined {
  const element = elementOf(tag);
  return isPrivate(tag) && element >= 0x1000 ? tag - element + (element >>> 8) : undefined;
}

/** All tags that can reserve a block of the attribute's group. */
function blocksOf(tag: Tag): readonly Tag[] {
  const group = tag - elementOf(tag);
  return Array.from({ length: 0xf0 }, (_, at) => group + 0x10 + at);
}

function creatorAt({ elements, littleEndian, charset }: ReplacedDataset, tag: Tag): string | undefined {
  const element = elements.get(tag);
  const text = element === undefined ? undefined : new Dataset([element], littleEndian, charset).text(tag)?.trim();
  return text === "" ? undefined : text;
}

/** An element made in little endian, in the byte order of the dataset that it goes to; its items keep theirs. */
function inByteOrder(element: Element, littleEndian: boolean): Element {
  const { size } = vrRow(element.vr);
  if (littleEndian || size === 1 || element.value === undefined) return element;
  const value = Buffer.from(element.value);
  if (size === 2) value.swap16();
  else if (size === 4) value.swap32();
  else value.swap64();
  return { ...element, value };
}
