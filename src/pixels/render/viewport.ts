import { newSamples, type Picture } from "./picture.ts";
import { fittedSize, gathered, type PictureSize, sources } from "./resize.ts";

/** Where a part of a picture is shown (PS3.18 §8.3.5.1.3). */
export interface Viewport extends PictureSize {
  /** Default: the whole picture. */
  readonly region?: Region;
}

/** A part of a picture, in pixels from its top left corner; a negative width or height turns it over. */
export interface Region {
  readonly left: number;
  readonly top: number;
  /** Default: that of the picture. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** The region scaled into the viewport, in the middle of it; black around it. What lies outside the picture is left out. */
export function inViewport(picture: Picture, viewport: Viewport): Picture {
  const { left, top, width, height } = viewport.region ?? { left: 0, top: 0, width: undefined, height: undefined };
  const columns = places(left, width ?? picture.width, picture.width);
  const rows = places(top, height ?? picture.height, picture.height);
  const { samplesPerPixel, samples } = picture;
  const whole = newSamples(samples, viewport.width * viewport.height * samplesPerPixel);
  const canvas: Picture = { width: viewport.width, height: viewport.height, samplesPerPixel, samples: whole };
  if (columns.length === 0 || rows.length === 0) return canvas;
  const size = fittedSize({ width: columns.length, height: rows.length }, viewport);
  const part = gathered(picture, picked(columns, size.width), picked(rows, size.height));
  const offsetX = Math.floor((canvas.width - part.width) / 2);
  const offsetY = Math.floor((canvas.height - part.height) / 2);
  const rowLength = part.width * samplesPerPixel;
  for (let row = 0; row < part.height; row++) {
    const from = row * rowLength;
    const to = ((offsetY + row) * canvas.width + offsetX) * samplesPerPixel;
    whole.set(part.samples.subarray(from, from + rowLength), to);
  }
  return canvas;
}

/** The pixels from `start` on that lie within `limit`, backwards when `length` is negative. */
function places(start: number, length: number, limit: number): readonly number[] {
  const end = Math.min(limit, start + Math.abs(length));
  const all = Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at);
  return length < 0 ? all.toReversed() : all;
}

function picked(all: readonly number[], count: number): readonly number[] {
  return sources(all.length, count).map((at) => all[at] ?? 0);
}
