import { ServerError } from "../util/errors.ts";
import type { DatasetRules, PixelDataPlace } from "./dataset-rules.ts";
import type { Dataset } from "./dataset.ts";
import { ElementHeader, undefinedLength } from "./element-header.ts";
import type { Encoding } from "./encoding.ts";
import {
  addElement,
  datasetFrame,
  itemsFrame,
  settleOrder,
  type DatasetFrame,
  type ItemsFrame,
} from "./parse-frame.ts";
import { ParsedElement, type ValueSource } from "./parsed-element.ts";
import type { ParserInput } from "./parser-input.ts";
import { tagWithComma, type Tag } from "./tag.ts";

type Progress = "more" | "done" | "next";

const item: Tag = 0xfffee000;
const itemDelimitation: Tag = 0xfffee00d;
const sequenceDelimitation: Tag = 0xfffee0dd;
const pixelData: Tag = 0x7fe00010;

/**
 * Reads a dataset (PS3.5 §7) from an input that may come in pieces: `run` goes as far as it can and may be called again.
 * Nesting is a stack of frames, never recursion. What common readers accept is accepted: see the comments at each place.
 */
export class DatasetParser {
  readonly #input: ParserInput;
  readonly #rules: DatasetRules;
  readonly #root: DatasetFrame;
  readonly #stack: (DatasetFrame | ItemsFrame)[];
  #source: ValueSource;
  #count = 0;
  #kept = 0;
  #keepsValues = true;
  #pixelData: PixelDataPlace | undefined;
  readonly #header = new ElementHeader();

  constructor(input: ParserInput, encoding: Encoding, rules: DatasetRules) {
    this.#input = input;
    this.#rules = rules;
    this.#root = datasetFrame(Infinity, encoding, rules.charset);
    this.#stack = [this.#root];
    this.#source = { buffer: input.buffer, base: input.base };
  }

  /** Complete only once `run` has said `done`. */
  get dataset(): Dataset {
    return this.#root.dataset;
  }

  get pixelData(): PixelDataPlace | undefined {
    return this.#pixelData;
  }

  /** Reads on: `more` when the input has to grow first (`input.needed` says by how much), `done` at the end of the dataset. */
  run(): "more" | "done" {
    this.#source = { buffer: this.#input.buffer, base: this.#input.base };
    for (;;) {
      const progress = this.#step();
      if (progress === "next") continue;
      if (progress === "done") settleOrder(this.#root);
      return progress;
    }
  }

  #step(): Progress {
    const frame = this.#stack[this.#stack.length - 1] ?? this.#root;
    const { offset } = this.#input;
    if (offset >= frame.end) return this.#close(frame, offset);
    const available = this.#input.buffer.length - this.#input.position;
    if (available < 8) return this.#starve(frame, 8);
    return frame.kind === "dataset" ? this.#element(frame, offset, available) : this.#item(frame, offset, available);
  }

  #element(frame: DatasetFrame, offset: number, available: number): Progress {
    const { view, position } = this.#input;
    const { littleEndian } = frame.encoding;
    const group = view.getUint16(position, littleEndian);
    const tag: Tag = group * 0x10000 + view.getUint16(position + 2, littleEndian);
    if (group === 0xfffe) return this.#delimiter(frame, tag, offset);
    const isRoot = this.#stack.length === 1;
    if (isRoot && this.#endsBefore(frame, tag, group)) return "done";
    if (!this.#header.read(this.#input, frame, tag)) return this.#starve(frame, 12);
    if (isRoot && tag === pixelData) {
      this.#pixelData ??= { offset, vr: this.#header.vr };
      if (this.#rules.stopAtPixelData === true && frame === this.#root) return this.#stopKeeping(frame);
    }
    this.#countOne(offset);
    const { vr, size, length } = this.#header;
    const start = offset + size;
    if (length === undefinedLength) return this.#open(frame, tag, start, Infinity);
    if (start + length > frame.end) throw this.#bad(offset, `${tagWithComma(tag)} of ${length} bytes exceeds its item`);
    return vr === "SQ" ? this.#open(frame, tag, start, start + length) : this.#value(frame, tag, start, available);
  }

  /** All that is wanted is read. If asked for, the rest is read again from here, to a frame that nobody sees. */
  #stopKeeping({ encoding }: DatasetFrame): Progress {
    if (this.#rules.checkRest !== true) return "done";
    this.#keepsValues = false;
    this.#stack[0] = { ...datasetFrame(Infinity, encoding, this.#rules.charset), lastTag: this.#root.lastTag };
    return "next";
  }

  /** Whether the root ends here although bytes follow. Zeros after the dataset are padding of a broken writer. */
  #endsBefore(frame: DatasetFrame, tag: Tag, group: number): boolean {
    const { onlyGroup } = this.#rules;
    if (onlyGroup !== undefined) return group !== onlyGroup;
    return tag === 0 && frame.lastTag > 0;
  }

  #value(frame: DatasetFrame, tag: Tag, offset: number, available: number): Progress {
    const { vr, size, length } = this.#header;
    if (this.#keeps(length)) {
      if (available < size + length) return this.#starve(frame, size + length);
      this.#kept += length;
      addElement(frame, new ParsedElement(tag, offset, this.#header, this.#source));
    } else {
      addElement(frame, { tag, vr, offset, length });
    }
    this.#input.position += size + length;
    return "next";
  }

  #keeps(length: number): boolean {
    return (
      this.#keepsValues &&
      length <= this.#rules.maximumValueLength &&
      this.#kept + length <= this.#rules.limits.keptLength
    );
  }

  /** A sequence or, where bytes have undefined length, fragments. */
  #open(frame: DatasetFrame, tag: Tag, start: number, end: number): Progress {
    const { vr } = this.#header;
    if (this.#stack.length > this.#rules.limits.depth * 2) {
      throw this.#bad(start, `more than ${this.#rules.limits.depth} nested sequences`);
    }
    const kind = vr === "OB" || vr === "OW" ? "fragments" : "sequence";
    if (kind === "sequence" && vr !== "SQ" && vr !== "UN") {
      throw this.#bad(start, `${tagWithComma(tag)} of VR ${vr} has undefined length: expected SQ, UN, OB or OW`);
    }
    // PS3.5 §6.2.2: UN of undefined length holds implicit VR little endian, whatever surrounds it.
    const encoding = vr === "UN" ? { explicit: false, littleEndian: true } : frame.encoding;
    this.#stack.push(itemsFrame({ kind, end, encoding, tag, vr, start, parent: frame }));
    this.#input.position += this.#header.size;
    return "next";
  }

  /** The next item of a sequence or the next fragment. */
  #item(frame: ItemsFrame, offset: number, available: number): Progress {
    const { view, position } = this.#input;
    const { littleEndian } = frame.encoding;
    const tag = view.getUint16(position, littleEndian) * 0x10000 + view.getUint16(position + 2, littleEndian);
    const length = view.getUint32(position + 4, littleEndian);
    if (tag === sequenceDelimitation) {
      // In a sequence of defined length the delimiter is superfluous.
      const progress = frame.end === Infinity ? this.#close(frame, offset) : "next";
      this.#input.position += 8;
      return progress;
    }
    if (tag !== item)
      throw this.#bad(offset, `expected an item of ${tagWithComma(frame.tag)}, found ${tagWithComma(tag)}`);
    this.#countOne(offset);
    if (frame.kind === "fragments") return this.#fragment(frame, offset, length, available);
    // An item may exceed a sequence whose length is wrong, but not what is around the sequence.
    const end = length === undefinedLength ? Infinity : offset + 8 + length;
    if (end !== Infinity && end > frame.parent.end) {
      throw this.#bad(offset, `item of ${length} bytes exceeds what ${tagWithComma(frame.tag)} is in`);
    }
    this.#stack.push(datasetFrame(end, frame.encoding, frame.parent.dataset));
    this.#input.position += 8;
    return "next";
  }

  #fragment(frame: ItemsFrame, offset: number, length: number, available: number): Progress {
    if (length === undefinedLength) throw this.#bad(offset, "fragment of undefined length: expected a length");
    const place = { offset: offset + 8, length };
    if (this.#keeps(length)) {
      if (available < 8 + length) return this.#starve(frame, 8 + length);
      this.#kept += length;
      const start = this.#input.position + 8;
      frame.fragments.push({ ...place, value: this.#input.buffer.subarray(start, start + length) });
    } else {
      frame.fragments.push(place);
    }
    this.#input.position += 8 + length;
    return "next";
  }

  #delimiter(frame: DatasetFrame, tag: Tag, offset: number): Progress {
    if (tag !== itemDelimitation) {
      throw this.#bad(offset, `${tagWithComma(tag)} outside of a sequence: expected an element`);
    }
    // Outside of an item of undefined length the delimiter is superfluous, and DCMTK passes over it too.
    const progress = this.#stack.length > 1 && frame.end === Infinity ? this.#close(frame, offset) : "next";
    this.#input.position += 8;
    return progress;
  }

  #close(frame: DatasetFrame | ItemsFrame, offset: number): Progress {
    this.#stack.pop();
    if (frame.kind === "dataset") {
      settleOrder(frame);
      const sequence = this.#stack[this.#stack.length - 1];
      if (sequence !== undefined && sequence.kind !== "dataset") sequence.items.push(frame.dataset);
      return "next";
    }
    const { tag, start, items, fragments } = frame;
    const place = { tag, offset: start, length: offset - start };
    if (frame.kind === "sequence") addElement(frame.parent, { ...place, vr: "SQ", items });
    else addElement(frame.parent, { ...place, vr: frame.vr, fragments });
    return "next";
  }

  /** Too few bytes are at hand: waits for more or, at the end of the input, decides whether this may be the end. */
  #starve(frame: DatasetFrame | ItemsFrame, needed: number): Progress {
    const input = this.#input;
    if (!input.final) {
      input.needed = needed;
      return "more";
    }
    const rest = input.buffer.subarray(input.position);
    const isComplete = input.position <= input.buffer.length;
    if (this.#stack.length === 1 && isComplete && rest.length < 8 && rest.every((byte) => byte === 0)) return "done";
    // As DCMTK does, accept data that ends at the end of an element though a length promised more, and encapsulated
    // pixel data without its final delimiter.
    const mayEnd = frame.end !== Infinity || (frame.kind === "fragments" && this.#stack.length === 2);
    if (isComplete && rest.length === 0 && mayEnd) return this.#close(frame, input.offset);
    const end = input.offset + (isComplete ? needed : 0);
    throw this.#bad(input.base + input.buffer.length, `the data ends here: expected bytes up to ${end}`);
  }

  #countOne(offset: number): void {
    if (++this.#count > this.#rules.limits.elements) {
      throw this.#bad(offset, `more than ${this.#rules.limits.elements} elements`);
    }
  }

  #bad(offset: number, problem: string): ServerError {
    return new ServerError("BadFileFormat", `at byte ${offset}: ${problem}`);
  }
}
