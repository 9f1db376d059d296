import { describe, expect, it } from "vitest";
import type { Picture } from "./picture.ts";
import { inViewport, type Viewport } from "./viewport.ts";

/** 4 × 2 pixels, numbered from 1. */
const picture: Picture = { width: 4, height: 2, samplesPerPixel: 1, samples: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };

function rows(viewport: Viewport): readonly (readonly number[])[] {
  const { width, height, samples } = inViewport(picture, viewport);
  return Array.from({ length: height }, (_, row) => [...samples.subarray(row * width, (row + 1) * width)]);
}

const part = (left: number, top: number, width?: number, height?: number) => ({ region: { left, top, width, height } });

describe("a viewport (PS3.18 §8.3.5.1.3)", () => {
  it("shows the whole in the middle, with its proportions", () => {
    expect(rows({ width: 4, height: 4 })).toEqual([
      [0, 0, 0, 0],
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [0, 0, 0, 0],
    ]);
  });

  it("shows a part, larger", () => {
    expect(rows({ width: 4, height: 2, ...part(1, 0, 2, 1) })).toEqual([
      [2, 2, 3, 3],
      [2, 2, 3, 3],
    ]);
  });

  it("turns it over when its width or height is negative", () => {
    expect(rows({ width: 2, height: 2, ...part(0, 0, -2, 2) })).toEqual([
      [2, 1],
      [6, 5],
    ]);
    expect(rows({ width: 4, height: 2, ...part(0, 0, 4, -2) })).toEqual([
      [5, 6, 7, 8],
      [1, 2, 3, 4],
    ]);
  });

  it("leaves out what is not in the picture", () => {
    expect(rows({ width: 2, height: 2, ...part(3, 0, 50, 50) })).toEqual([
      [4, 0],
      [8, 0],
    ]);
    expect(rows({ width: 2, height: 1, ...part(9, 9) })).toEqual([[0, 0]]);
  });

  it("keeps the samples of a pixel together", () => {
    const colours: Picture = { width: 2, height: 1, samplesPerPixel: 3, samples: Uint16Array.of(1, 2, 3, 4, 5, 6) };
    expect([...inViewport(colours, { width: 2, height: 1, ...part(0, 0, -2, 1) }).samples]).toEqual([4, 5, 6, 1, 2, 3]);
  });
});
