import { createDeflateRaw } from "node:zlib";
import type { Dataset, Element } from "../dicom/dataset.ts";
import { paddingOf } from "../dicom/encode-value.ts";
import { swapWords } from "../dicom/swap-words.ts";
import { groupOf, type Tag } from "../dicom/tag.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { type VR, vrRow } from "../dicom/vr.ts";
import {
  checkPixelData,
  elementHeader,
  isGroupLength,
  item,
  itemHeader,
  nestedElementBytes,
  sequenceDelimitation,
  undefinedLength,
  type ElementEncoding,
} from "../dicom/write-element.ts";
import { fileHead, type DicomFile } from "../dicom/write.ts";
import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import { throughStream } from "./compression.ts";

/** Reads a value that was left in its file: `Element.offset` and `Element.length`. */
export type ReadValue = (range: ByteRange) => AsyncIterable<Uint8Array>;

/** A file to be written, with what reads the values of its dataset that were left in another file. */
export interface StreamedFile extends DicomFile {
  readonly readValue: ReadValue;
  /** The bytes of a PixelData element (7FE0,0010), its header included, that is written in place of that of the dataset. */
  readonly pixelData?: AsyncIterable<Uint8Array>;
}

type Chunks = AsyncGenerator<Uint8Array, void, void>;

/** What elements of one dataset are written with. */
interface Writing extends Pick<StreamedFile, "readValue" | "pixelData"> {
  readonly encoding: ElementEncoding;
}

const pixelDataTag: Tag = 0x7fe00010;
/** Small elements are gathered to pieces of up to this many bytes. */
const pieceSize = 64 << 10;

/**
 * As `writeDicom`, in pieces: values that were left in a file, deep in sequences too, flow from there and are never held. Throws
 * `BadFileFormat` as `writeDicom` does, before the first piece or, where pixel data is not as the transfer syntax has it, at it.
 */
export function streamDicom(file: StreamedFile, transferSyntaxUID: string): AsyncIterable<Uint8Array> {
  const encoding = transferSyntax(transferSyntaxUID);
  if (encoding === undefined) {
    throw new ServerError("BadFileFormat", `transfer syntax ${transferSyntaxUID} cannot be written`);
  }
  const head = fileHead(file, { transferSyntaxUID });
  const elements = outermost(file.dataset, { ...file, encoding });
  return concatenated(head, encoding.deflated ? evenLength(throughStream(elements, createDeflateRaw())) : elements);
}

async function* concatenated(head: Uint8Array, rest: AsyncIterable<Uint8Array>): Chunks {
  yield head;
  yield* rest;
}

/** A deflated dataset is padded to even length (PS3.5 §A.5). */
async function* evenLength(source: AsyncIterable<Uint8Array>): Chunks {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    yield chunk;
  }
  if (size % 2 === 1) yield new Uint8Array(1);
}

async function* outermost(dataset: Dataset, writing: Writing): Chunks {
  const small = new SmallPieces();
  for (const element of dataset) {
    if (groupOf(element.tag) === 2) continue;
    const replacement = element.tag === pixelDataTag ? writing.pixelData : undefined;
    if (replacement === undefined) checkPixelData(element, writing.encoding);
    if (replacement === undefined && isWhole(element)) {
      yield* small.gather(nestedElementBytes(element, writing.encoding, dataset.littleEndian));
    } else {
      yield* small.flush();
      yield* replacement ?? streamElement(element, writing, dataset.littleEndian);
    }
  }
  yield* small.flush();
}

/** Makes one piece of many small ones; large ones pass as they are. */
class SmallPieces {
  #pieces: Buffer[] = [];
  #size = 0;

  *gather(pieces: readonly Buffer[]): Generator<Buffer, void, void> {
    for (const piece of pieces) {
      if (this.#size + piece.length >= pieceSize) yield* this.flush();
      if (piece.length >= pieceSize) {
        yield piece;
      } else {
        this.#pieces.push(piece);
        this.#size += piece.length;
      }
    }
  }

  *flush(): Generator<Buffer, void, void> {
    if (this.#size > 0) yield Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
  }
}

/** Whether no part of the value was left in the file. */
function isWhole({ value, items, fragments, length }: Element): boolean {
  if (items !== undefined) return items.every((dataset) => [...dataset].every(isWhole));
  if (fragments !== undefined)
    return fragments.every((fragment) => fragment.value !== undefined || fragment.length === 0);
  return value !== undefined || length === 0;
}

/** An element some of whose bytes are in the file. */
async function* streamElement(element: Element, writing: Writing, littleEndian: boolean): Chunks {
  const { encoding, readValue } = writing;
  const { tag, vr, offset, length, items, fragments } = element;
  if (fragments !== undefined) {
    yield* streamFragments(element, writing);
  } else if (items === undefined) {
    yield elementHeader(tag, vr, evenSize(length), encoding);
    const { size } = vrRow(vr);
    const bytes = readValue({ start: offset, end: offset + length });
    yield* littleEndian === encoding.littleEndian || size === 1 ? bytes : swapWords(bytes, size);
    yield* padding(length, vr);
  } else {
    yield elementHeader(tag, vr, itemsSize(items, encoding), encoding);
    for (const dataset of items) {
      yield itemHeader(item, datasetSize(dataset, encoding), encoding.littleEndian);
      for (const inner of dataset) {
        if (isWhole(inner)) yield* nestedElementBytes(inner, encoding, dataset.littleEndian);
        else yield* streamElement(inner, writing, dataset.littleEndian);
      }
    }
  }
}

/** Encapsulated pixel data (PS3.5 §A.4). */
async function* streamFragments({ tag, fragments = [] }: Element, { encoding, readValue }: Writing): Chunks {
  yield elementHeader(tag, "OB", undefinedLength, encoding);
  for (const { value, offset, length } of fragments) {
    yield itemHeader(item, evenSize(length), encoding.littleEndian);
    if (value !== undefined) yield value;
    else if (length > 0) yield* readValue({ start: offset, end: offset + length });
    yield* padding(length, "OB");
  }
  yield itemHeader(sequenceDelimitation, 0, encoding.littleEndian);
}

function* padding(length: number, vr: VR): Generator<Uint8Array, void, void> {
  if (length % 2 === 1) yield Buffer.of(paddingOf(vr));
}

function evenSize(length: number): number {
  return length + (length % 2);
}

/** Bytes of items as they will be written, their headers included. */
function itemsSize(items: readonly Dataset[], encoding: ElementEncoding): number {
  return items.reduce((sum, dataset) => sum + 8 + datasetSize(dataset, encoding), 0);
}

function datasetSize(dataset: Dataset, encoding: ElementEncoding): number {
  return [...dataset].reduce((sum, element) => sum + elementSize(element, encoding), 0);
}

function elementSize({ tag, vr, value, length, items, fragments }: Element, encoding: ElementEncoding): number {
  if (isGroupLength(tag)) return 0;
  const size =
    fragments !== undefined
      ? fragments.reduce((sum, fragment) => sum + 8 + evenSize(fragment.length), 8)
      : items === undefined
        ? evenSize(value?.length ?? length)
        : itemsSize(items, encoding);
  return elementHeader(tag, fragments === undefined ? vr : "OB", size, encoding).length + size;
}
