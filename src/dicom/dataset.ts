import { SpecificCharacterSet } from "./charset.ts";
import { elementOf, isPrivate, type Tag } from "./tag.ts";
import { numbersOf, stringsOf, textOf } from "./values.ts";
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

const specificCharacterSet: Tag = 0x00080005;

/** A set of elements with what is needed to read their values. Values stay as encoded until they are asked for. */
export class Dataset {
  readonly littleEndian: boolean;
  readonly #elements: readonly Element[];
  readonly #inherited: Dataset | SpecificCharacterSet;
  #byTag: ReadonlyMap<Tag, Element> | undefined;
  #charset: SpecificCharacterSet | undefined;

  /**
   * A list of elements must be in ascending order of tag, without duplicates; a map may be in any order. `inherited` is
   * the character set, or the enclosing dataset that has it, of a dataset without (0008,0005) (PS3.3 §C.12.1.1.2).
   */
  constructor(
    elements: ReadonlyMap<Tag, Element> | readonly Element[],
    littleEndian: boolean,
    inherited: Dataset | SpecificCharacterSet = SpecificCharacterSet.default,
  ) {
    this.#elements = isList(elements) ? elements : [...elements.values()].sort((a, b) => a.tag - b.tag);
    this.littleEndian = littleEndian;
    this.#inherited = inherited;
  }

  get elements(): ReadonlyMap<Tag, Element> {
    return (this.#byTag ??= new Map(this.#elements.map((element) => [element.tag, element])));
  }

  /** The character set of this dataset's text: its own or the enclosing dataset's. */
  get charset(): SpecificCharacterSet {
    if (this.#charset === undefined) {
      const own = this.get(specificCharacterSet)
        ?.value?.toString("latin1")
        .replace(/[\0 ]+$/, "");
      const inherited = this.#inherited instanceof Dataset ? this.#inherited.charset : this.#inherited;
      this.#charset = SpecificCharacterSet.parse(own, inherited);
    }
    return this.#charset;
  }

  get size(): number {
    return this.#elements.length;
  }

  /** Elements in ascending order of tag. */
  [Symbol.iterator](): Iterator<Element> {
    return this.#elements[Symbol.iterator]();
  }

  get(tag: Tag): Element | undefined {
    let low = 0;
    let high = this.#elements.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const element = this.#elements[middle];
      if (element === undefined || element.tag === tag) return element;
      if (element.tag < tag) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  has(tag: Tag): boolean {
    return this.get(tag) !== undefined;
  }

  /**
   * The whole value as text without trailing padding, several values still joined by a backslash; numbers in decimal,
   * tags as `ggggeeee`. Empty when the element is; undefined when it is absent, left in the file, bytes or a sequence.
   */
  text(tag: Tag): string | undefined {
    const element = this.get(tag);
    return element === undefined ? undefined : textOf(element, this);
  }

  /** The values of a text or number attribute, each without padding; none when absent or empty. */
  strings(tag: Tag): readonly string[] {
    const element = this.get(tag);
    return element === undefined ? [] : stringsOf(element, this);
  }

  /** The values of a binary number, DS or IS; NaN where the text is no number. None when absent or empty. */
  numbers(tag: Tag): readonly number[] {
    const element = this.get(tag);
    return element === undefined ? [] : numbersOf(element, this);
  }

  /** The first of `numbers`, undefined when there is none or it is NaN. */
  number(tag: Tag): number | undefined {
    const value = this.numbers(tag)[0];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  /** The items of a sequence, none when it is absent. */
  items(tag: Tag): readonly Dataset[] {
    return this.get(tag)?.items ?? [];
  }

  /** The creator that reserved the block of a private tag (PS3.5 §7.8.1); undefined for others and when it is missing or empty. */
  privateCreatorOf(tag: Tag): string | undefined {
    const block = elementOf(tag) >>> 8;
    if (!isPrivate(tag) || block < 0x10) return undefined;
    const creator = this.text(tag - elementOf(tag) + block)?.trim();
    return creator === "" ? undefined : creator;
  }
}

function isList(elements: ReadonlyMap<Tag, Element> | readonly Element[]): elements is readonly Element[] {
  return Array.isArray(elements);
}
