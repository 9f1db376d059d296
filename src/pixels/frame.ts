/** What the samples of a frame are (PS3.3 §C.7.6.3). */
export interface FrameShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** 1, 8, 16, 32 or 64. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  /** PixelRepresentation 1: two's complement. */
  readonly signed: boolean;
  /** Samples are IEEE floats, of 32 bits (Float Pixel Data) or 64 bits (Double Float Pixel Data). */
  readonly float: boolean;
  /** Without padding, as the standard spells it: `MONOCHROME2`, `RGB`, `YBR_FULL_422`, … */
  readonly photometricInterpretation: string;
  /** PlanarConfiguration: 0 colour by pixel, 1 colour by plane; 0 with one sample. */
  readonly planarConfiguration: 0 | 1;
}

/**
 * A frame without compression: `bytes` are its samples in little endian, as a native frame has them (PS3.5 §8.1.1): pixels of one bit
 * are packed, the first in the lowest bit, and YBR_FULL_422 has two samples a pixel.
 */
export interface NativeFrame {
  readonly shape: FrameShape;
  readonly bytes: Buffer;
}

/**
 * A frame that is ready to be used: as `NativeFrame`, but always colour by pixel, with all samples of each pixel (never
 * YBR_FULL_422), and a byte for each pixel of one bit (8 bits allocated, 1 stored).
 */
export interface DecodedFrame extends NativeFrame {
  readonly shape: ReadyShape;
}

type ReadyShape = FrameShape & { readonly planarConfiguration: 0 };

/** Whether a native frame of this shape is a `DecodedFrame` as it is. */
export function isReady(shape: FrameShape): shape is ReadyShape {
  return shape.planarConfiguration === 0 && shape.bitsAllocated !== 1 && !isSubsampled(shape);
}

/** Bits of a frame as native pixel data have it. */
export function nativeFrameBits({ rows, columns, samplesPerPixel, bitsAllocated, ...shape }: FrameShape): number {
  return rows * columns * (isSubsampled(shape) ? 2 : samplesPerPixel) * bitsAllocated;
}

/** Whether two pixels share their chrominance (PS3.3 §C.7.6.3.1.2): two samples a pixel instead of three. */
export function isSubsampled({ photometricInterpretation }: Pick<FrameShape, "photometricInterpretation">): boolean {
  return photometricInterpretation === "YBR_FULL_422" || photometricInterpretation === "YBR_PARTIAL_422";
}
