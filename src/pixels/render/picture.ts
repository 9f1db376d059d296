/** A picture for people: its samples, pixel by pixel and row by row without padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: grayscale, 3: red, green and blue. */
  readonly samplesPerPixel: 1 | 3;
  readonly samples: PictureSamples;
}

export type PictureSamples = Uint8Array | Uint16Array | Int16Array;

/** The samples as bytes, those of 16 bits in big endian. */
export function bigEndianBytes({ samples }: Picture): Buffer {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return samples.BYTES_PER_ELEMENT === 1 ? bytes : Buffer.copyBytesFrom(bytes).swap16();
}

/** An array of the same kind, for other samples. */
export function newSamples(like: PictureSamples, length: number): PictureSamples {
  if (like instanceof Uint16Array) return new Uint16Array(length);
  return like instanceof Int16Array ? new Int16Array(length) : new Uint8Array(length);
}
