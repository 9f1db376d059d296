import type { DecodedFrame, FrameShape, NativeFrame } from "./frame.ts";
import { isSubsampled } from "./frame.ts";
import { unpackBits } from "./packed-bits.ts";

/** A native frame whose colour comes by pixel, with all samples of each pixel. */
type FrameByPixel = NativeFrame & { readonly shape: FrameShape & { readonly planarConfiguration: 0 } };

/** Puts the samples of each pixel side by side, and gives each pixel its own chrominance. */
export function byPixel({ shape, bytes }: NativeFrame): FrameByPixel {
  if (isSubsampled(shape)) return upsampled(bytes, shape);
  const { samplesPerPixel, bitsAllocated, planarConfiguration } = shape;
  const isReady = planarConfiguration === 0 || samplesPerPixel === 1 || bitsAllocated < 8;
  return {
    shape: { ...shape, planarConfiguration: 0 },
    bytes: isReady ? bytes : interleaved(bytes, samplesPerPixel, bitsAllocated / 8),
  };
}

/** The frame as `DecodedFrame` says. */
export function decodedFrame(frame: NativeFrame): DecodedFrame {
  const { shape, bytes } = byPixel(frame);
  if (shape.bitsAllocated !== 1) return { shape, bytes };
  const count = shape.rows * shape.columns * shape.samplesPerPixel;
  return { shape: { ...shape, bitsAllocated: 8, bitsStored: 1, highBit: 0 }, bytes: unpackBits(bytes, count) };
}

/** Planes of samples of `size` bytes, woven together. */
export function interleaved(planes: Buffer, samplesPerPixel: number, size: number): Buffer {
  const woven = Buffer.allocUnsafeSlow(planes.length);
  const planeLength = Math.floor(planes.length / samplesPerPixel);
  const step = samplesPerPixel * size;
  for (let sample = 0; sample < samplesPerPixel; sample++) {
    for (let byte = 0; byte < size; byte++) {
      let to = sample * size + byte;
      const end = (sample + 1) * planeLength;
      for (let from = sample * planeLength + byte; from < end; from += size, to += step) woven[to] = planes[from] ?? 0;
    }
  }
  return woven;
}

/** YBR_FULL_422 as YBR_FULL: Y1 Y2 CB CR becomes Y1 CB CR Y2 CB CR (PS3.3 §C.7.6.3.1.2). */
function upsampled(bytes: Buffer, shape: FrameShape): FrameByPixel {
  const size = shape.bitsAllocated / 8;
  const pixels = shape.rows * shape.columns;
  const full = Buffer.alloc(pixels * 3 * size);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const pair = (pixel >> 1) * 4;
    const samples = [pair + (pixel & 1), pair + 2, pair + 3];
    for (const [place, sample] of samples.entries()) {
      bytes.copy(full, (pixel * 3 + place) * size, sample * size, (sample + 1) * size);
    }
  }
  const photometricInterpretation = shape.photometricInterpretation.replace("_422", "");
  return { shape: { ...shape, photometricInterpretation, planarConfiguration: 0 }, bytes: full };
}
