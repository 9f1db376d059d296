import type { Element } from "./dataset.ts";
import type { Tag } from "./tag.ts";
import type { VR } from "./vr.ts";

/** A part of the input that stays in memory; `base` is the offset of its first byte. */
export interface ValueSource {
  readonly buffer: Buffer;
  readonly base: number;
}

/** An element whose value is a part of the parsed buffer. The view is made when asked for: most values never are. */
export class ParsedElement implements Element {
  readonly tag: Tag;
  readonly vr: VR;
  readonly offset: number;
  readonly length: number;
  readonly #source: ValueSource;

  constructor(tag: Tag, offset: number, header: { readonly vr: VR; readonly length: number }, source: ValueSource) {
    this.tag = tag;
    this.vr = header.vr;
    this.offset = offset;
    this.length = header.length;
    this.#source = source;
  }

  get value(): Buffer {
    const start = this.offset - this.#source.base;
    return this.#source.buffer.subarray(start, start + this.length);
  }
}
