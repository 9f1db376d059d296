import { pixelSize, type Picture } from "./picture.ts";

/** A part of a picture, in pixels from its top left corner; a negative width or height turns it over (PS3.18 §8.3.5.1.3). */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the picture within the region, turned over as it says; what lies outside the picture is left out. */
export function cropped(picture: Picture, { left, top, width, height }: Region): Picture {
  const columns = places(left, width, picture.width);
  const rows = places(top, height, picture.height);
  const size = pixelSize(picture.format);
  const bytes = Buffer.allocUnsafe(columns.length * rows.length * size);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * picture.width + column) * size;
      for (let byte = 0; byte < size; byte++) bytes[to++] = picture.bytes[from + byte] ?? 0;
    }
  }
  return { ...picture, width: columns.length, height: rows.length, bytes };
}

/** At least one place, so that a picture is left. */
function places(start: number, length: number, limit: number): readonly number[] {
  const first = Math.min(limit - 1, Math.max(0, Math.floor(start)));
  const end = Math.max(first + 1, Math.min(limit, Math.floor(start) + Math.floor(Math.abs(length))));
  const all = Array.from({ length: end - first }, (_, at) => first + at);
  return length < 0 ? all.toReversed() : all;
}
