import { ServerError } from "../../util/errors.ts";
import type { DecodedFrame } from "../frame.ts";

/** The samples of a frame as numbers, in the order of its bytes. */
export type SampleValues =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const white = 255;

/**
 * The values of a frame's samples (PS3.5 §8.1.1): the stored bits only, sign extended when they are signed; pixels of one bit are 0 and 255.
 * As in Orthanc, words of 16 bits whose stored bits are the lowest ones are taken whole, so that overlays of old above them are seen.
 * Where nothing has to be changed, nothing is copied. Throws `NotImplemented` for integers of 64 bits.
 */
export function sampleValues({ shape, bytes }: DecodedFrame): SampleValues {
  const { bitsAllocated, bitsStored, highBit, signed, float } = shape;
  const { buffer, byteOffset } = aligned(bytes, bitsAllocated / 8);
  const length = Math.floor((bytes.length * 8) / bitsAllocated);
  if (float) {
    return bitsAllocated === 64
      ? new Float64Array(buffer, byteOffset, length)
      : new Float32Array(buffer, byteOffset, length);
  }
  if (bitsAllocated > 32) throw new ServerError("NotImplemented", `integers of ${bitsAllocated} bits cannot be shown`);
  const whole = integers(buffer, byteOffset, length, bitsAllocated, signed);
  if (bitsStored === 1) return blackAndWhite(whole);
  const isWhole = bitsStored === bitsAllocated || (bitsAllocated === 16 && highBit === bitsStored - 1);
  return isWhole ? whole : storedBits(whole, { left: 31 - highBit, right: 32 - bitsStored, signed });
}

// oxlint-disable-next-line max-params -- the arguments of a typed array
function integers(buffer: ArrayBufferLike, offset: number, length: number, bits: number, signed: boolean) {
  if (bits === 8) return signed ? new Int8Array(buffer, offset, length) : new Uint8Array(buffer, offset, length);
  if (bits === 16) return signed ? new Int16Array(buffer, offset, length) : new Uint16Array(buffer, offset, length);
  return signed ? new Int32Array(buffer, offset, length) : new Uint32Array(buffer, offset, length);
}

function aligned(bytes: Buffer, size: number): { readonly buffer: ArrayBufferLike; readonly byteOffset: number } {
  return bytes.byteOffset % Math.max(1, size) === 0 ? bytes : Buffer.copyBytesFrom(bytes);
}

function blackAndWhite(bits: ReturnType<typeof integers>): Uint8Array {
  const values = new Uint8Array(bits.length);
  for (let at = 0; at < values.length; at++) if (bits[at] !== 0) values[at] = white;
  return values;
}

/** Shifts to the top of 32 bits and back: what is outside the stored bits falls off on both sides. */
function storedBits(
  values: ReturnType<typeof integers>,
  { left, right, signed }: { readonly left: number; readonly right: number; readonly signed: boolean },
): SampleValues {
  return signed ? values.map((value) => (value << left) >> right) : values.map((value) => (value << left) >>> right);
}
