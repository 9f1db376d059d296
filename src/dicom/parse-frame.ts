import type { SpecificCharacterSet } from "./charset.ts";
import { Dataset, type Element, type Fragment } from "./dataset.ts";
import type { Encoding } from "./encoding.ts";
import type { Tag } from "./tag.ts";
import type { VR } from "./vr.ts";

/** Elements being read: of the whole dataset or of an item. */
export interface DatasetFrame {
  readonly kind: "dataset";
  /** Offset of the first byte after it; Infinity when a delimiter or the end of the input ends it. */
  readonly end: number;
  encoding: Encoding;
  readonly elements: Element[];
  /** Shows `elements` while they are read. */
  readonly dataset: Dataset;
  ascending: boolean;
  lastTag: number;
}

/** Items or fragments being read: the value of an element. */
export interface ItemsFrame {
  readonly kind: "sequence" | "fragments";
  readonly end: number;
  readonly encoding: Encoding;
  readonly parent: DatasetFrame;
  readonly tag: Tag;
  readonly vr: VR;
  /** Offset of the first item. */
  readonly start: number;
  readonly items: Dataset[];
  readonly fragments: Fragment[];
}

export function datasetFrame(end: number, encoding: Encoding, inherited: Dataset | SpecificCharacterSet): DatasetFrame {
  const elements: Element[] = [];
  const dataset = new Dataset(elements, encoding.littleEndian, inherited);
  return { kind: "dataset", end, encoding, elements, dataset, ascending: true, lastTag: -1 };
}

export function itemsFrame(place: Omit<ItemsFrame, "items" | "fragments">): ItemsFrame {
  return { ...place, items: [], fragments: [] };
}

/** Adds an element that was read. */
export function addElement(frame: DatasetFrame, element: Element): void {
  if (element.tag <= frame.lastTag) frame.ascending = false;
  frame.lastTag = element.tag;
  frame.elements.push(element);
}

/** Restores the order of PS3.5 §7.1; of elements that occur twice the first stays, as in DCMTK. */
export function settleOrder({ ascending, elements }: DatasetFrame): void {
  if (ascending) return;
  elements.sort((a, b) => a.tag - b.tag);
  let kept = 0;
  for (const element of elements) {
    if (kept > 0 && elements[kept - 1]?.tag === element.tag) continue;
    elements[kept++] = element;
  }
  elements.length = kept;
}
