import { newSamples, type Picture } from "./picture.ts";

/** Of Gauss, 5 × 5: in one direction. */
const kernel = [1, 4, 6, 4, 1] as const;
const kernelSum = 16;

/** The picture smoothed, to be made smaller without flickering details. Beyond the border its pixels go on. */
export function smoothed(picture: Picture): Picture {
  const { width, height, samplesPerPixel, samples } = picture;
  const rowLength = width * samplesPerPixel;
  const along = new Float32Array(samples.length);
  const target = newSamples(samples, samples.length);
  const pixels = { count: width, step: samplesPerPixel };
  for (let row = 0; row < height; row++) {
    for (let sample = 0; sample < samplesPerPixel; sample++) blur(samples, along, row * rowLength + sample, pixels);
  }
  const rows = { count: height, step: rowLength };
  for (let column = 0; column < rowLength; column++) blur(along, target, column, rows);
  return { ...picture, samples: target };
}

type Numbers = { readonly [at: number]: number };

/** Blurs `count` numbers that are `step` apart. */
function blur(
  source: Numbers,
  target: { [at: number]: number },
  start: number,
  { count, step }: { readonly count: number; readonly step: number },
): void {
  const value = (place: number): number => source[start + Math.min(count - 1, Math.max(0, place)) * step] ?? 0;
  const [outer, inner, middle] = kernel;
  for (let at = 0; at < count; at++) {
    const sum = middle * value(at) + inner * (value(at - 1) + value(at + 1)) + outer * (value(at - 2) + value(at + 2));
    target[start + at * step] = sum / kernelSum;
  }
}
