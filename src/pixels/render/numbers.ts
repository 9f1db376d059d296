import type { DecodedFrame, NativeFrame } from "../frame.ts";
import type { Rescale } from "./brightness.ts";
import { colourValues, isColour } from "./colour-picture.ts";
import type { StoredPalette } from "./palette.ts";
import { type SampleValues, sampleValues } from "./sample-values.ts";

/** The values of a frame for programs, pixel by pixel; of colours red, green and blue. */
export interface FrameNumbers {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  readonly values: SampleValues;
}

/** The values of a frame; `rescale` makes floats of 32 bits of those of grayscale. Throws as `colourPicture`. */
export function frameNumbers(
  frame: DecodedFrame,
  { rescale, palette }: { readonly rescale: Rescale | undefined; readonly palette: StoredPalette | undefined },
): FrameNumbers {
  const { rows, columns } = frame.shape;
  if (isColour(frame)) return { rows, columns, samplesPerPixel: 3, values: colourValues(frame, palette) };
  const values = sampleValues(frame);
  return {
    rows,
    columns,
    samplesPerPixel: 1,
    values: rescale === undefined ? values : rescaled(values, rescale),
  };
}

/** To the last bit as Orthanc does it, in floats of 32 bits. */
function rescaled(values: SampleValues, rescale: Rescale): Float32Array {
  const slope = Math.fround(rescale.slope);
  const intercept = Math.fround(rescale.intercept);
  const units = new Float32Array(values.length);
  for (let at = 0; at < units.length; at++) units[at] = Math.fround((values[at] ?? 0) * slope) + intercept;
  return units;
}

/** The numbers as bytes, which the shape describes. */
export function numberBytes({ rows, columns, samplesPerPixel, values }: FrameNumbers): NativeFrame {
  const bits = values.BYTES_PER_ELEMENT * 8;
  return {
    shape: {
      rows,
      columns,
      samplesPerPixel,
      bitsAllocated: bits,
      bitsStored: bits,
      highBit: bits - 1,
      signed: values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array,
      float: values instanceof Float32Array || values instanceof Float64Array,
      photometricInterpretation: samplesPerPixel === 1 ? "MONOCHROME2" : "RGB",
      planarConfiguration: 0,
    },
    bytes: Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  };
}

/** The numbers as an expression of Matlab or Octave: a matrix, or rows × columns × 3 of colours. */
export function matlabText({ rows, columns, samplesPerPixel, values }: FrameNumbers): Buffer {
  if (samplesPerPixel === 3) {
    const list = values.join(" ");
    return Buffer.from(`double(permute(reshape([ ${list} ], [ 3 ${rows} ${columns} ]), [ 3 2 1 ]))`, "latin1");
  }
  const lines = Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns).join(" "));
  return Buffer.from(`double([ ${lines.join(" ; ")} ])`, "latin1");
}
