import type { NewAttachment } from "../catalog.ts";

/** Bytes of attachments; `dicom…` are those of type 1 alone. */
export interface Sizes {
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly dicomCompressedSize: number;
  readonly dicomUncompressedSize: number;
}

export const noSizes: Sizes = {
  compressedSize: 0,
  uncompressedSize: 0,
  dicomCompressedSize: 0,
  dicomUncompressedSize: 0,
};

type Sized = Pick<NewAttachment, "type" | "compressedSize" | "uncompressedSize">;

/** What these attachments take. */
export function sizesOf(attachments: readonly Sized[]): Sizes {
  return attachments.reduce(
    (sum, { type, compressedSize, uncompressedSize }) =>
      addSizes(sum, {
        compressedSize,
        uncompressedSize,
        dicomCompressedSize: type === 1 ? compressedSize : 0,
        dicomUncompressedSize: type === 1 ? uncompressedSize : 0,
      }),
    noSizes,
  );
}

export function addSizes(a: Sizes, b: Sizes): Sizes {
  return {
    compressedSize: a.compressedSize + b.compressedSize,
    uncompressedSize: a.uncompressedSize + b.uncompressedSize,
    dicomCompressedSize: a.dicomCompressedSize + b.dicomCompressedSize,
    dicomUncompressedSize: a.dicomUncompressedSize + b.dicomUncompressedSize,
  };
}

export function negated(sizes: Sizes): Sizes {
  return {
    compressedSize: -sizes.compressedSize,
    uncompressedSize: -sizes.uncompressedSize,
    dicomCompressedSize: -sizes.dicomCompressedSize,
    dicomUncompressedSize: -sizes.dicomUncompressedSize,
  };
}
