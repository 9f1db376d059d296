import type { FrameShape } from "../frame.ts";
import type { Picture } from "./picture.ts";
import type { SampleValues } from "./sample-values.ts";

/** A frame of one sample a pixel. */
export interface GrayscaleFrame {
  readonly shape: FrameShape;
  readonly values: SampleValues;
}

/** A linear function of the stored values, then cut to 0 … 255. */
export interface GrayscaleFunction {
  readonly factor: number;
  readonly offset: number;
  /** Added before the fraction is cut off. */
  readonly rounding: 0 | 0.5;
  readonly inverted: boolean;
}

/** Each value by a linear function, as a picture of 8 bits. */
export function mapped({ shape, values }: GrayscaleFrame, map: GrayscaleFunction): Picture {
  const { factor, offset, rounding, inverted } = map;
  const bytes = Buffer.allocUnsafe(values.length);
  const flip = inverted ? 255 : 0;
  for (let at = 0; at < bytes.length; at++) {
    const value = (values[at] ?? 0) * factor + offset + rounding;
    bytes[at] = (value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value)) ^ flip;
  }
  return { width: shape.columns, height: shape.rows, format: "Grayscale8", bytes };
}

/** The smallest and the largest value; 0 and 0 without any. Values that are no numbers do not count. */
export function valueRange(values: SampleValues): { readonly smallest: number; readonly largest: number } {
  let smallest = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return smallest > largest ? { smallest: 0, largest: 0 } : { smallest, largest };
}

/** Stretches the values of the frame to 0 … 255; MONOCHROME1 is inverted (behaviour of Orthanc's `preview`). */
export function stretched(frame: GrayscaleFrame): Picture {
  const { smallest, largest } = valueRange(frame.values);
  const factor = largest > smallest ? 255 / (largest - smallest) : 0;
  const inverted = frame.shape.photometricInterpretation === "MONOCHROME1";
  return mapped(frame, { factor, offset: -smallest * factor, rounding: 0.5, inverted });
}

/** Window and rescale of a grayscale image (PS3.3 §C.11.1, §C.11.2). */
export interface Window {
  readonly center: number;
  readonly width: number;
  readonly slope: number;
  readonly intercept: number;
}

const smallestSlope = 1e-4;

/** The values seen through a window over the rescaled units (Orthanc's `rendered`). */
export function windowed(frame: GrayscaleFrame, window: Window): Picture {
  const width = Math.max(1, window.width);
  const slope = Math.abs(window.slope) <= smallestSlope ? smallestSlope : window.slope;
  const factor = (255 * slope) / width;
  const offset = ((window.intercept - window.center + width / 2) / slope) * factor;
  const inverted = frame.shape.photometricInterpretation === "MONOCHROME1";
  return mapped(frame, { factor, offset, rounding: 0, inverted });
}

const integerRanges = {
  Grayscale8: [0, 255],
  Grayscale16: [0, 65_535],
  SignedGrayscale16: [-32_768, 32_767],
} as const;

/** The values themselves, cut to what the format can hold. */
export function cut({ shape, values }: GrayscaleFrame, format: keyof typeof integerRanges): Picture {
  const [lowest, highest] = integerRanges[format];
  const size = format === "Grayscale8" ? 1 : 2;
  const bytes = Buffer.allocUnsafe(values.length * size);
  for (let at = 0; at < values.length; at++) {
    const value = Math.trunc(Math.min(highest, Math.max(lowest, values[at] ?? 0)));
    if (size === 1) bytes[at] = value;
    else bytes.writeUInt16LE(value & 0xffff, at * 2);
  }
  return { width: shape.columns, height: shape.rows, format, bytes };
}
