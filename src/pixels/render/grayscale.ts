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
export function shaded({ shape, values }: GrayscaleFrame, brightness: Brightness): Picture {
  const shade = (value: number): number => {
    const bright = brightness(value);
    return bright >= 255 ? 255 : bright > 0 ? Math.floor(bright) : 0;
  };
  const samples = isShort(values) ? throughTable(values, shade) : oneByOne(values, shade);
  return { width: shape.columns, height: shape.rows, samplesPerPixel: 1, samples };
}

type ShortValues = Uint8Array | Int8Array | Uint16Array | Int16Array;

function isShort(values: SampleValues): values is ShortValues {
  return values.BYTES_PER_ELEMENT <= 2;
}

/** Values that are shaded in one call: V8 runs a function that is called often in its fastest form long before a long loop in one that is not. */
const pieceLength = 1024;

/** Each value that occurs is calculated once. */
function throughTable(values: ShortValues, shade: Brightness): Uint8Array {
  const table = new Uint16Array(0x10000);
  const samples = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start += pieceLength) {
    const end = start + pieceLength;
    shadePiece(values.subarray(start, end), samples.subarray(start, end), table, shade);
  }
  return samples;
}

/** In the table, above a shade: it is known. */
const known = 0x100;

// oxlint-disable-next-line max-params -- an object per piece would cost more
function shadePiece(values: ShortValues, samples: Uint8Array, table: Uint16Array, shade: Brightness): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    const place = value & 0xffff;
    const entry = table[place] ?? 0;
    samples[at] = entry === 0 ? (table[place] = known | shade(value)) : entry;
  }
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

interface ValueRange {
  readonly smallest: number;
  readonly largest: number;
}

/** The smallest and the largest value; 0 and 0 without any. Values that are no numbers do not count. */
function valueRange(values: SampleValues): ValueRange {
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
  const { smallest, largest } = valueRange(frame.values);
  const factor = largest > smallest ? 255 / (largest - smallest) : 0;
  // Floats of 32 bits tell values of 16 bits from each other, but not those of more.
  const isWide = frame.values.BYTES_PER_ELEMENT > 2;
  const stretch: Brightness = isWide ? (value) => (value - smallest) * factor : scaled(factor, -smallest);
  return shaded(frame, (value) => stretch(value) + 0.5);
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
