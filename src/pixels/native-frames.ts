import { ServerError } from "../util/errors.ts";
import type { ByteRange } from "../util/byte-range.ts";
import { type FrameShape, nativeFrameBits } from "./frame.ts";

/** The frames of native pixel data (PS3.5 §8.1). */
export interface NativeFrames {
  readonly count: number;
  /** Bits of one frame: with one bit per pixel frames follow each other without padding. */
  readonly bits: number;
}

/** The frames in native pixel data of `length` bytes. Throws `BadFileFormat` when they ask for more than there is. */
export function nativeFrames(shape: FrameShape, count: number, length: number): NativeFrames {
  const bits = nativeFrameBits(shape);
  if (Math.ceil((bits * count) / 8) > length) {
    const { rows, columns, samplesPerPixel, bitsAllocated } = shape;
    throw new ServerError(
      "BadFileFormat",
      `PixelData has ${length} bytes, expected ${count} frames of ${rows} × ${columns} × ${samplesPerPixel} × ${bitsAllocated} bits`,
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

/** Undoes `shiftBits`: frames of `bits` bits, each in whole bytes, follow each other without padding. */
export async function* joinBits(
  frames: AsyncIterable<Uint8Array>,
  bits: number,
): AsyncGenerator<Uint8Array, void, void> {
  const last = Math.ceil(bits / 8) - 1;
  const lastByte = bits % 8 === 0 ? 0xff : (1 << (bits % 8)) - 1;
  /** Bits that wait for others to fill their byte, and how many they are. */
  let rest = 0;
  let shift = 0;
  for await (const frame of frames) {
    const joined = new Uint8Array(Math.ceil((shift + bits) / 8));
    for (let index = 0; index <= last; index++) {
      const byte = (frame[index] ?? 0) & (index === last ? lastByte : 0xff);
      rest |= byte << shift;
      joined[index] = rest;
      rest >>= 8;
    }
    if (joined.length > last + 1) joined[last + 1] = rest;
    shift = (shift + bits) % 8;
    const whole = shift === 0 ? joined.length : joined.length - 1;
    rest = shift === 0 ? 0 : (joined[whole] ?? 0);
    yield joined.subarray(0, whole);
  }
  if (shift > 0) yield Uint8Array.of(rest);
}
