/** How the samples of a picture are kept; 16 bits in little endian. */
export type PictureFormat = "Grayscale8" | "Grayscale16" | "SignedGrayscale16" | "RGB24" | "RGB48";

/** A picture for people, row by row without padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly format: PictureFormat;
  readonly bytes: Buffer;
}

interface FormatRow {
  readonly samples: 1 | 3;
  readonly bits: 8 | 16;
}

export const pictureFormats: Readonly<Record<PictureFormat, FormatRow>> = {
  Grayscale8: { samples: 1, bits: 8 },
  Grayscale16: { samples: 1, bits: 16 },
  SignedGrayscale16: { samples: 1, bits: 16 },
  RGB24: { samples: 3, bits: 8 },
  RGB48: { samples: 3, bits: 16 },
};

/** Bytes of one pixel. */
export function pixelSize(format: PictureFormat): number {
  const { samples, bits } = pictureFormats[format];
  return (samples * bits) / 8;
}
