/** A picture of one or three unsigned samples a pixel: grey, or red, green and blue. */
export interface Bitmap {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  readonly bits: 8 | 16;
  /** Samples by pixel, those of 16 bits in little endian. */
  readonly bytes: Buffer;
}

/** Largest picture that is read, in bytes of its samples. */
export const largestBitmap = 256 << 20;
