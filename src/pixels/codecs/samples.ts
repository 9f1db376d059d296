import { ServerError } from "../../util/errors.ts";
import type { FrameShape, NativeFrame } from "../frame.ts";
import { packBits } from "../packed-bits.ts";

/** What a code stream says of the image in it. */
export interface StreamShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly signed: boolean;
}

/**
 * Throws `BadFileFormat` unless the image in a code stream fits into that which the attributes announce. It may be smaller: tiles at
 * the edge of a slide are. Throws `NotImplemented` for a precision that no codec here has.
 */
export function checkStream(stream: StreamShape, shape: FrameShape): void {
  const { rows, columns, samplesPerPixel, precision } = stream;
  if (precision > 16)
    throw new ServerError("NotImplemented", `frames with ${precision} bits a sample cannot be decoded`);
  const fits = rows > 0 && rows <= shape.rows && columns > 0 && columns <= shape.columns;
  if (fits && samplesPerPixel === shape.samplesPerPixel) return;
  throw new ServerError(
    "BadFileFormat",
    `PixelData: a frame has ${rows} × ${columns} × ${samplesPerPixel} samples, the image ${shape.rows} × ${shape.columns} × ${shape.samplesPerPixel}`,
  );
}

const fewestBitsOfWords = 9;

/** Bits of the bytes or words that decoders give samples in. */
export function wordBits(precision: number): 8 | 16 {
  return precision <= 8 ? 8 : 16;
}

/**
 * Brings decoded samples, bytes or 16-bit words, by pixel, into the form that the attributes announce; where the code stream has more
 * bits than fit there, the shape changes. A smaller image is put into the upper left corner.
 */
export function fitSamples(decoded: Buffer, stream: StreamShape, shape: FrameShape): NativeFrame {
  const { precision, signed, samplesPerPixel } = stream;
  const bits = wordBits(precision);
  const samples = placed(decoded, stream, shape);
  const common: FrameShape = {
    ...shape,
    planarConfiguration: 0,
    photometricInterpretation:
      samplesPerPixel === 3 ? shape.photometricInterpretation.replace("_422", "") : shape.photometricInterpretation,
  };
  if (shape.bitsAllocated === 1 && precision === 1) return { bytes: packBits(samples), shape: common };
  if (shape.bitsAllocated < bits) {
    const more = { bitsAllocated: bits, bitsStored: precision, highBit: precision - 1 };
    return { bytes: samples, shape: { ...common, ...more } };
  }
  if (shape.bitsAllocated === bits) return { bytes: samples, shape: common };
  return { bytes: widened(samples, bits / 8, shape.bitsAllocated / 8, signed), shape: common };
}

function placed(
  samples: Buffer,
  { rows, columns, samplesPerPixel, precision }: StreamShape,
  shape: FrameShape,
): Buffer {
  if (rows === shape.rows && columns === shape.columns) return samples;
  const pixelSize = (samplesPerPixel * wordBits(precision)) / 8;
  const whole = Buffer.alloc(shape.rows * shape.columns * pixelSize);
  for (let row = 0; row < rows; row++) {
    const from = row * columns * pixelSize;
    samples.copy(whole, row * shape.columns * pixelSize, from, from + columns * pixelSize);
  }
  return whole;
}

/** Copies samples of `from` bytes into words of `to` bytes. */
function widened(samples: Buffer, from: number, to: number, isSigned: boolean): Buffer {
  const wide = Buffer.alloc((samples.length / from) * to);
  for (let at = 0, place = 0; at < samples.length; at += from, place += to) {
    samples.copy(wide, place, at, at + from);
    if (isSigned && (samples[at + from - 1] ?? 0) >= 0x80) wide.fill(0xff, place + from, place + to);
  }
  return wide;
}

/**
 * Bits that an encoder without loss must keep of each sample: BitsStored, or all when something stands above them (overlays of old,
 * dirt), or when the sign is not continued there. At least 9 in words: decoders take samples of fewer for bytes.
 */
export function significantBits({ bytes, shape }: NativeFrame): number {
  const { bitsAllocated, bitsStored, signed } = shape;
  if (bitsStored >= bitsAllocated || (bitsAllocated !== 8 && bitsAllocated !== 16)) return bitsAllocated;
  const bits = bitsAllocated === 16 ? Math.max(bitsStored, fewestBitsOfWords) : bitsStored;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const fits = numbers(bytes, bitsAllocated, signed).every((value) => value >= low && value <= high);
  return fits ? bits : bitsAllocated;
}

/** The low bytes of 16-bit words, whose high bytes are 0; undefined when they are not. */
export function lowBytes(words: Buffer): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(words.length >> 1);
  for (let at = 0; at < bytes.length; at++) {
    if (words[at * 2 + 1] !== 0) return undefined;
    bytes[at] = words[at * 2] ?? 0;
  }
  return bytes;
}

/** The samples as numbers; all machines that Node.js runs on are little endian. */
function numbers(bytes: Buffer, bits: 8 | 16, signed: boolean): Uint8Array | Int8Array | Uint16Array | Int16Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 2 === 0 ? bytes : Buffer.copyBytesFrom(bytes);
  if (bits === 8)
    return signed ? new Int8Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
  return signed ? new Int16Array(buffer, byteOffset, length >> 1) : new Uint16Array(buffer, byteOffset, length >> 1);
}
