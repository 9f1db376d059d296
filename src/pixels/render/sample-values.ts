import type { DecodedFrame } from "../frame.ts";

/** The samples of a frame as numbers, in the order of its bytes. */
export type SampleValues =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * The values of a frame's samples: the stored bits only, sign extended when they are signed (PS3.5 §8.1.1). Where they fill what
 * is allocated, nothing is copied.
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
  const whole = integers(buffer, byteOffset, length, bitsAllocated, signed);
  if (bitsStored === bitsAllocated) return whole;
  const left = bitsAllocated - 1 - highBit + (32 - bitsAllocated);
  const right = 32 - bitsStored;
  const values = whole.slice();
  // Shifted to the top of 32 bits and back: what is outside the stored bits falls off on both sides.
  if (signed) for (let at = 0; at < values.length; at++) values[at] = ((values[at] ?? 0) << left) >> right;
  else for (let at = 0; at < values.length; at++) values[at] = ((values[at] ?? 0) << left) >>> right;
  return values;
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
