import { ServerError } from "../../util/errors.ts";
import { ybrToRgb } from "../colour.ts";
import type { DecodedFrame } from "../frame.ts";
import { paletteTable, type StoredPalette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { type SampleValues, sampleValues } from "./sample-values.ts";

/** Whether a frame is a picture in colours. */
export function isColour({ shape }: Pick<DecodedFrame, "shape">): boolean {
  return shape.samplesPerPixel > 1 || shape.photometricInterpretation === "PALETTE COLOR";
}

/** A frame in colours as a picture of 8 bits, or 16 where it has more; the brightest stored value is the brightest shown. Throws as `colourValues`. */
export function colourPicture(frame: DecodedFrame, palette: StoredPalette | undefined): Picture {
  const values = colourValues(frame, palette);
  const { columns, rows, bitsStored, samplesPerPixel } = frame.shape;
  const samples = samplesPerPixel === 1 ? Uint8Array.from(values) : fullRange(values, bitsStored);
  return { width: columns, height: rows, samplesPerPixel: 3, samples };
}

/** Stored values of some bits, so that they fill 8 or 16. */
function fullRange(values: SampleValues, bitsStored: number): Uint8Array | Uint16Array {
  if (bitsStored === 8 && values instanceof Uint8Array) return values;
  const samples = bitsStored <= 8 ? new Uint8Array(values.length) : new Uint16Array(values.length);
  const factor = 2 ** (samples.BYTES_PER_ELEMENT * 8 - bitsStored);
  for (let at = 0; at < samples.length; at++) samples[at] = (values[at] ?? 0) * factor;
  return samples;
}

/**
 * Red, green and blue of each pixel. Throws `NotImplemented` for other colours than those of PS3.3 §C.7.6.3.1.2, `BadFileFormat` for PALETTE
 * COLOR without a palette.
 */
export function colourValues(frame: DecodedFrame, palette: StoredPalette | undefined): SampleValues {
  const { photometricInterpretation: photometric, samplesPerPixel, bitsAllocated } = frame.shape;
  if (samplesPerPixel === 1) return mapped(frame, palette);
  if (samplesPerPixel === 3 && photometric === "RGB") return unsignedValues(frame);
  if (samplesPerPixel === 3 && photometric.startsWith("YBR_") && bitsAllocated <= 16)
    return unsignedValues(ybrToRgb(frame));
  throw new ServerError(
    "NotImplemented",
    `${photometric} with ${samplesPerPixel} samples of ${bitsAllocated} bits cannot be shown`,
  );
}

function unsignedValues(frame: DecodedFrame): SampleValues {
  return sampleValues({ ...frame, shape: { ...frame.shape, signed: false } });
}

/** Each value through the tables of the palette; beyond their ends the first and the last entry go on. */
function mapped(frame: DecodedFrame, palette: StoredPalette | undefined): Uint8Array {
  if (palette === undefined) throw new ServerError("BadFileFormat", "PALETTE COLOR without a palette");
  const values = sampleValues(frame);
  const samples = new Uint8Array(values.length * 3);
  for (const [channel, stored] of palette.entries()) {
    const { first, entries } = paletteTable(stored, frame.shape.signed);
    const last = entries.length - 1;
    for (let at = 0, to = channel; at < values.length; at++, to += 3) {
      const index = (values[at] ?? 0) - first;
      samples[to] = entries[index < 0 ? 0 : index > last ? last : index] ?? 0;
    }
  }
  return samples;
}
