import { pixelSize, type Picture } from "./picture.ts";

/** The size that fits into `width` × `height` (0: no limit) with the proportions of the picture; its own without limits. */
export function fittedSize(
  picture: Pick<Picture, "width" | "height">,
  limits: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const ratios = [
    ...(limits.width > 0 ? [limits.width / picture.width] : []),
    ...(limits.height > 0 ? [limits.height / picture.height] : []),
  ];
  const ratio = ratios.length === 0 ? 1 : Math.min(...ratios);
  return { width: scaled(picture.width, ratio), height: scaled(picture.height, ratio) };
}

function scaled(length: number, ratio: number): number {
  return Math.max(1, Math.round(length * ratio));
}

/** The picture in another size, each pixel the one of the original that lies under its centre. */
export function resized(picture: Picture, width: number, height: number): Picture {
  if (width === picture.width && height === picture.height) return picture;
  const size = pixelSize(picture.format);
  const bytes = Buffer.allocUnsafe(width * height * size);
  const columns = sources(picture.width, width).map((column) => column * size);
  const rows = sources(picture.height, height).map((row) => row * picture.width * size);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let byte = 0; byte < size; byte++) bytes[to++] = picture.bytes[row + column + byte] ?? 0;
    }
  }
  return { ...picture, width, height, bytes };
}

function sources(from: number, to: number): readonly number[] {
  const ratio = Math.fround(from / to);
  return Array.from({ length: to }, (_, at) => Math.min(from - 1, Math.floor(Math.fround((at + 0.5) * ratio))));
}

const kernel = [1, 4, 6, 4, 1];
const kernelSum = 16;
const reach = 2;

/** The picture, of 8 bits, smoothed by a Gaussian kernel of 5 × 5 before it is made smaller, so that fine detail does not flicker. */
export function smoothed(picture: Picture): Picture {
  const { width, height, format } = picture;
  const samples = pixelSize(format);
  const acrossRows = blurred(picture.bytes, {
    count: width,
    step: samples,
    lines: height,
    lineStep: width * samples,
    samples,
  });
  const bytes = blurred(acrossRows, { count: height, step: width * samples, lines: width, lineStep: samples, samples });
  return { ...picture, bytes };
}

interface Direction {
  /** Pixels of a line, and bytes from one to the next. */
  readonly count: number;
  readonly step: number;
  readonly lines: number;
  readonly lineStep: number;
  readonly samples: number;
}

/** Beyond the border the pixels of the border go on. */
function blurred(source: Buffer, { count, step, lines, lineStep, samples }: Direction): Buffer {
  const target = Buffer.allocUnsafe(source.length);
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < count; at++) {
      for (let sample = 0; sample < samples; sample++) {
        const start = line * lineStep + sample;
        let sum = 0;
        for (let offset = -reach; offset <= reach; offset++) {
          const place = Math.min(count - 1, Math.max(0, at + offset));
          sum += (kernel[offset + reach] ?? 0) * (source[start + place * step] ?? 0);
        }
        target[start + at * step] = sum / kernelSum;
      }
    }
  }
  return target;
}
