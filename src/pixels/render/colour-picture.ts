import { ServerError } from "../../util/errors.ts";
import { ybrToRgb } from "../colour.ts";
import type { DecodedFrame } from "../frame.ts";
import { paletteTable, type StoredPalette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { sampleValues } from "./sample-values.ts";

/** Whether a frame is a picture in colours. */
export function isColour({ shape }: Pick<DecodedFrame, "shape">): boolean {
  return shape.samplesPerPixel > 1 || shape.photometricInterpretation === "PALETTE COLOR";
}

/**
 * A frame in colours as red, green and blue of 8 or 16 bits. Throws `NotImplemented` for other colours than those of PS3.3 §C.7.6.3.1.2,
 * `BadFileFormat` for PALETTE COLOR without a palette.
 */
export function colourPicture(frame: DecodedFrame, palette: StoredPalette | undefined): Picture {
  const { photometricInterpretation: photometric, samplesPerPixel, columns, rows, bitsAllocated } = frame.shape;
  if (samplesPerPixel === 1)
    return { width: columns, height: rows, samplesPerPixel: 3, samples: mapped(frame, palette) };
  const isKnown = samplesPerPixel === 3 && (photometric === "RGB" || photometric.startsWith("YBR_"));
  if (!isKnown || (bitsAllocated !== 8 && bitsAllocated !== 16)) {
    throw new ServerError(
      "NotImplemented",
      `${photometric} with ${samplesPerPixel} samples of ${bitsAllocated} bits cannot be shown`,
    );
  }
  const rgb = photometric.startsWith("YBR_") ? ybrToRgb(frame) : frame;
  return { width: columns, height: rows, samplesPerPixel: 3, samples: fullRange(rgb) };
}

/** The samples, so that the brightest of `bitsStored` is the brightest of 8 or 16 bits. */
function fullRange(frame: DecodedFrame): Uint8Array | Uint16Array {
  const { bitsStored } = frame.shape;
  const values = sampleValues({ ...frame, shape: { ...frame.shape, signed: false } });
  const samples = bitsStored <= 8 ? new Uint8Array(values.length) : new Uint16Array(values.length);
  const shift = samples.BYTES_PER_ELEMENT * 8 - bitsStored;
  if (shift === 0) samples.set(values);
  else for (let at = 0; at < samples.length; at++) samples[at] = (values[at] ?? 0) << shift;
  return samples;
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
