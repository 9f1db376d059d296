import type { Dataset } from "../../dicom/dataset.ts";
import type { Tag } from "../../dicom/tag.ts";
import { expandSegments } from "./palette-segments.ts";

/** The palette of an image as it is stored (PS3.3 §C.7.6.3.1.5, §C.7.6.3.1.6): red, green and blue. */
export type StoredPalette = readonly [red: StoredTable, green: StoredTable, blue: StoredTable];

export interface StoredTable {
  /** Number of entries; the stored value that the first of them stands for; bits of an entry. */
  readonly descriptor: readonly number[];
  readonly data: Uint8Array;
  readonly isSegmented: boolean;
  readonly littleEndian: boolean;
}

/** One of the tables, ready to be used. */
export interface PaletteTable {
  /** The stored value that the first entry stands for. */
  readonly first: number;
  /** The colours in 8 bits. */
  readonly entries: Uint8Array;
}

const tables = [
  { descriptor: 0x00281101, data: 0x00281201, segments: 0x00281221 },
  { descriptor: 0x00281102, data: 0x00281202, segments: 0x00281222 },
  { descriptor: 0x00281103, data: 0x00281203, segments: 0x00281223 },
] as const;

/** The palette of an image; undefined when it has none. */
export function readPalette(dataset: Dataset): StoredPalette | undefined {
  const [red, green, blue] = tables.map((tags) => readTable(dataset, tags));
  return red === undefined || green === undefined || blue === undefined ? undefined : [red, green, blue];
}

function readTable(
  dataset: Dataset,
  tags: { readonly descriptor: Tag; readonly data: Tag; readonly segments: Tag },
): StoredTable | undefined {
  const descriptor = dataset.numbers(tags.descriptor);
  const { littleEndian } = dataset;
  const plain = dataset.get(tags.data)?.value;
  const isSegmented = plain === undefined || plain.length === 0;
  const value = isSegmented ? dataset.get(tags.segments)?.value : plain;
  // Copied, or the whole header that it is a part of would travel to another thread.
  return value === undefined ? undefined : { descriptor, data: new Uint8Array(value), isSegmented, littleEndian };
}

/** As many entries as a count of 0 stands for. */
const wholeRange = 2 ** 16;

/** The entries of a table, brought to 8 bits. `signed` is what the stored values are. */
export function paletteTable(
  { descriptor, data, isSegmented, littleEndian }: StoredTable,
  signed: boolean,
): PaletteTable {
  const [count = 0, first = 0, bits = 16] = descriptor;
  const length = count === 0 ? wholeRange : count & 0xffff;
  const isPacked = bits === 8 && !isSegmented && data.length < length * 2;
  const entries = isPacked ? packedBytes(data, littleEndian) : words(data, littleEndian);
  const whole = isSegmented ? expandSegments(entries, length) : entries;
  return {
    first: signed && first >= wholeRange / 2 ? first - wholeRange : first,
    entries: Uint8Array.from(whole.subarray(0, length), bits === 8 ? (entry) => entry : (entry) => entry >> 8),
  };
}

/** Two entries in a word, the first in its low byte (PS3.3 §C.7.6.3.1.6). */
function packedBytes(bytes: Uint8Array, littleEndian: boolean): Uint8Array {
  return littleEndian ? bytes : Buffer.copyBytesFrom(bytes, 0, bytes.length & ~1).swap16();
}

function words(bytes: Uint8Array, littleEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, at) => view.getUint16(at * 2, littleEndian));
}
