import type { Dataset } from "../dicom/dataset.ts";
import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";

/** The size of native frames (PS3.3 §C.7.6.3, PS3.5 §8.1). */
export interface NativeFrames {
  readonly count: number;
  /** Bits of one frame: with one bit per pixel frames follow each other without padding. */
  readonly bits: number;
}

const attribute = {
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  NumberOfFrames: 0x00280008,
  Rows: 0x00280010,
  Columns: 0x00280011,
  BitsAllocated: 0x00280100,
};

/** Two chrominance samples for each pair of pixels (PS3.3 §C.7.6.3.1.2): two bytes a pixel instead of three. */
const subsampled: ReadonlySet<string> = new Set(["YBR_FULL_422", "YBR_PARTIAL_422"]);

/** NumberOfFrames; 1 when absent. */
export function numberOfFrames(dataset: Dataset): number {
  return Math.max(1, dataset.number(attribute.NumberOfFrames) ?? 1);
}

/**
 * The frames in native pixel data of `length` bytes.
 * @throws ServerError BadFileFormat when the attributes that tell their size are missing or ask for more than there is
 */
export function nativeFrames(dataset: Dataset, length: number): NativeFrames {
  const rows = dataset.number(attribute.Rows) ?? 0;
  const columns = dataset.number(attribute.Columns) ?? 0;
  const allocated = dataset.number(attribute.BitsAllocated) ?? 0;
  const isSubsampled = subsampled.has(dataset.text(attribute.PhotometricInterpretation) ?? "");
  const samples = isSubsampled ? 2 : (dataset.number(attribute.SamplesPerPixel) ?? 1);
  const bits = rows * columns * samples * allocated;
  const count = numberOfFrames(dataset);
  if (!(bits > 0) || Math.ceil((bits * count) / 8) > length) {
    throw new ServerError(
      "BadFileFormat",
      `PixelData has ${length} bytes, expected ${count} frames of ${rows} × ${columns} × ${samples} × ${allocated} bits`,
    );
  }
  return { count, bits };
}

/** Where a frame is in the pixel data, and by how many bits it begins inside the first byte. `frame` counts from 0. */
export function nativeFrameRange(
  { bits }: NativeFrames,
  frame: number,
): { readonly range: ByteRange; readonly shift: number } {
  const first = bits * frame;
  return { range: { start: Math.floor(first / 8), end: Math.ceil((first + bits) / 8) }, shift: first % 8 };
}

/** The `bits` bits that begin at bit `shift` of the first byte, the lowest bit of each byte first (PS3.5 §8.1.1), as whole bytes. */
export async function* shiftBits(
  source: AsyncIterable<Uint8Array>,
  shift: number,
  bits: number,
): AsyncGenerator<Uint8Array, void, void> {
  let left = Math.ceil(bits / 8);
  const lastByte = bits % 8 === 0 ? 0xff : (1 << (bits % 8)) - 1;
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const shifted = new Uint8Array(Math.min(left, Math.max(0, bytes.length - 1)));
    for (let index = 0; index < shifted.length; index++) {
      shifted[index] = ((bytes[index] ?? 0) >> shift) | ((bytes[index + 1] ?? 0) << (8 - shift));
    }
    left -= shifted.length;
    if (left === 0 && shifted.length > 0) shifted[shifted.length - 1] = (shifted.at(-1) ?? 0) & lastByte;
    rest = bytes.subarray(shifted.length);
    if (shifted.length > 0) yield shifted;
  }
  if (left > 0) yield Uint8Array.of(((rest[0] ?? 0) >> shift) & lastByte);
}

/** Swaps the bytes of each word of `size` bytes: big endian to little endian (PS3.5 §7.3). A chunk may end inside a word. */
export async function* swapWords(
  source: AsyncIterable<Uint8Array>,
  size: 2 | 4 | 8,
): AsyncGenerator<Uint8Array, void, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % size);
    const words = bytes.subarray(0, whole);
    if (size === 2) words.swap16();
    else if (size === 4) words.swap32();
    else words.swap64();
    rest = bytes.subarray(whole);
    if (words.length > 0) yield words;
  }
  if (rest.length > 0) yield rest;
}
