import type { Tag } from "./tag.ts";
import type { SpecificCharacterSet } from "./charset.ts";
import type { VR } from "./vr.ts";

/** One fragment of encapsulated pixel data (PS3.5 §A.4); item 0 is the Basic Offset Table. */
export interface Fragment {
  /** Offset in the file (in the inflated dataset when deflated) of the fragment's bytes. */
  readonly offset: number;
  readonly length: number;
  /** Absent when left in the file. */
  readonly value?: Buffer;
}

/** One data element (PS3.5 §7.1). Exactly one of `value`, `items`, `fragments` is set, or none: the value was left in the file. */
export interface Element {
  readonly tag: Tag;
  readonly vr: VR;
  /** Offset in the file (in the inflated dataset when deflated) of the first byte of the value. */
  readonly offset: number;
  /** Bytes of the value as encoded; for undefined length, what it turned out to be. */
  readonly length: number;
  readonly value?: Buffer;
  readonly items?: readonly Dataset[];
  readonly fragments?: readonly Fragment[];
}

/** A set of elements with what is needed to read their values. Values stay as encoded until they are asked for. */
export class Dataset {
  readonly elements: ReadonlyMap<Tag, Element>;
  readonly littleEndian: boolean;
  readonly charset: SpecificCharacterSet;
  /* text(), strings(), numbers(), items(), … */
  constructor(elements: ReadonlyMap<Tag, Element>, littleEndian: boolean, charset: SpecificCharacterSet) {
    this.elements = elements;
    this.littleEndian = littleEndian;
    this.charset = charset;
  }
}
