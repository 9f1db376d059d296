import { newSamples, type Picture } from "./picture.ts";

/** Limits in pixels, 0: none. */
export interface SizeLimits {
  readonly width: number;
  readonly height: number;
}

/** Pixels along each side. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The largest size within the limits that keeps the proportions; without limits the size as it is. At least one pixel. */
export function fittedSize(size: PictureSize, limits: SizeLimits): PictureSize {
  const ratios = [
    ...(limits.width > 0 ? [limits.width / size.width] : []),
    ...(limits.height > 0 ? [limits.height / size.height] : []),
  ];
  const ratio = ratios.length === 0 ? 1 : Math.min(...ratios);
  return { width: scaledLength(size.width, ratio), height: scaledLength(size.height, ratio) };
}

function scaledLength(length: number, ratio: number): number {
  return Math.max(1, Math.round(length * ratio));
}

/** The picture in another size: each pixel is that of the original under its centre. */
export function resized(picture: Picture, { width, height }: PictureSize): Picture {
  if (width === picture.width && height === picture.height) return picture;
  return gathered(picture, sources(picture.width, width), sources(picture.height, height));
}

/** The numbers of the pixels, of `from`, that `to` pixels are taken from; to the last bit as Orthanc calculates them. */
export function sources(from: number, to: number): readonly number[] {
  const ratio = Math.fround(from / to);
  return Array.from({ length: to }, (_, at) => Math.min(from - 1, Math.floor(Math.fround((at + 0.5) * ratio))));
}

/** The pixels in some of the columns and rows, in their order. */
export function gathered(picture: Picture, columns: readonly number[], rows: readonly number[]): Picture {
  const { width, samplesPerPixel, samples } = picture;
  const target = newSamples(samples, columns.length * rows.length * samplesPerPixel);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * samplesPerPixel;
      for (let sample = 0; sample < samplesPerPixel; sample++) target[to++] = samples[from + sample] ?? 0;
    }
  }
  return { width: columns.length, height: rows.length, samplesPerPixel, samples: target };
}
