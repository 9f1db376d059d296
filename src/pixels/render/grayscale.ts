import type { FrameShape } from "../frame.ts";
import { type Brightness, scaled } from "./brightness.ts";
import type { Picture } from "./picture.ts";
import type { SampleValues } from "./sample-values.ts";

/** A frame of one sample a pixel. */
export interface GrayscaleFrame {
  readonly shape: FrameShape;
  readonly values: SampleValues;
}

/** The frame as a picture of 8 bits. */
export function shaded({ shape, values }: GrayscaleFrame, brightness: Brightness, range = valueRange(values)): Picture {
  const shade = (value: number): number => {
    const bright = brightness(value);
    return bright >= 255 ? 255 : bright > 0 ? Math.floor(bright) : 0;
  };
  // With fewer values than pixels it is worth to calculate each only once.
  const isDense = !isFloat(values) && range.largest - range.smallest < values.length;
  const samples = isDense ? throughTable(values, range, shade) : oneByOne(values, shade);
  return { width: shape.columns, height: shape.rows, samplesPerPixel: 1, samples };
}

function isFloat(values: SampleValues): values is Float32Array | Float64Array {
  return values instanceof Float32Array || values instanceof Float64Array;
}

function throughTable(values: SampleValues, { smallest, largest }: ValueRange, shade: Brightness): Uint8Array {
  const table = new Uint8Array(largest - smallest + 1);
  for (let index = 0; index < table.length; index++) table[index] = shade(smallest + index);
  const samples = new Uint8Array(values.length);
  for (let at = 0; at < samples.length; at++) samples[at] = table[(values[at] ?? 0) - smallest] ?? 0;
  return samples;
}

function oneByOne(values: SampleValues, shade: Brightness): Uint8Array {
  const samples = new Uint8Array(values.length);
  for (let at = 0; at < samples.length; at++) samples[at] = shade(values[at] ?? 0);
  return samples;
}

/** The picture, of 8 bits, with black and white exchanged. */
export function inverted(picture: Picture): Picture {
  return { ...picture, samples: picture.samples.map((sample) => 255 - sample) };
}

export interface ValueRange {
  readonly smallest: number;
  readonly largest: number;
}

/** The smallest and the largest value; 0 and 0 without any. Values that are no numbers do not count. */
export function valueRange(values: SampleValues): ValueRange {
  const first = values.find((value) => !Number.isNaN(value)) ?? 0;
  let smallest = first;
  let largest = first;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return { smallest, largest };
}

/** Stretches the values of the frame to 0 … 255 (`preview`). */
export function stretched(frame: GrayscaleFrame): Picture {
  const range = valueRange(frame.values);
  const { smallest, largest } = range;
  const factor = largest > smallest ? 255 / (largest - smallest) : 0;
  // Floats of 32 bits tell values of 16 bits from each other, but not those of more.
  const isWide = frame.values.BYTES_PER_ELEMENT > 2;
  const stretch: Brightness = isWide ? (value) => (value - smallest) * factor : scaled(factor, -smallest);
  return shaded(frame, (value) => stretch(value) + 0.5, range);
}

const integerRanges = {
  uint8: { lowest: 0, highest: 0xff, array: Uint8Array },
  uint16: { lowest: 0, highest: 0xffff, array: Uint16Array },
  int16: { lowest: -0x8000, highest: 0x7fff, array: Int16Array },
} as const;

export type IntegerFormat = keyof typeof integerRanges;

/** The values themselves, cut to what the format can hold. */
export function cut({ shape, values }: GrayscaleFrame, format: IntegerFormat): Picture {
  const { lowest, highest, array } = integerRanges[format];
  const samples = new array(values.length);
  for (let at = 0; at < samples.length; at++) {
    const value = values[at] ?? 0;
    samples[at] = value < lowest ? lowest : value > highest ? highest : value;
  }
  return { width: shape.columns, height: shape.rows, samplesPerPixel: 1, samples };
}
