/** How bright a stored value is shown: 0 to 255, or beyond, which is cut off; so is a fraction. */
export type Brightness = (value: number) => number;

/** How values become brightness (PS3.3 §C.11.2.1.2, §C.11.2.1.3), and Orthanc's own way, in which no value is rounded up. */
export type WindowFunction = "orthanc" | "linear" | "linear-exact" | "sigmoid";

/** The values between two limits, as a client or an image asks for them (PS3.3 §C.11.2.1). */
export interface Window {
  readonly center: number;
  readonly width: number;
}

/** What makes units, such as Hounsfield's, of stored values (PS3.3 §C.11.1). */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** Brightness through a window over rescaled values. */
export function windowBrightness(kind: WindowFunction, window: Window, rescale: Rescale): Brightness {
  if (kind === "orthanc") return orthancWindow(window, rescale);
  const { slope, intercept } = rescale;
  const curve = curves[kind](window);
  return (value) => curve(value * slope + intercept) * 255 + 0.5;
}

/** Brightness of units from 0 to 1. */
const curves: Readonly<Record<Exclude<WindowFunction, "orthanc">, (window: Window) => (unit: number) => number>> = {
  linear: ({ center, width }) => ramp(center - 0.5, width - 1),
  "linear-exact": ({ center, width }) => ramp(center, width),
  sigmoid:
    ({ center, width }) =>
    (unit) =>
      1 / (1 + Math.exp((-4 * (unit - center)) / width)),
};

function ramp(middle: number, length: number): (unit: number) => number {
  const first = middle - length / 2;
  const last = middle + length / 2;
  return (unit) => (unit <= first ? 0 : unit > last ? 1 : (unit - first) / length);
}

const narrowestWindow = 1;
const smallestSlope = 1e-4;

function orthancWindow({ center, width: given }: Window, { slope: given2, intercept }: Rescale): Brightness {
  const width = Math.max(narrowestWindow, given);
  const slope = Math.abs(given2) <= smallestSlope ? smallestSlope : given2;
  return scaled((255 * slope) / width, (intercept - center + width / 2) / slope);
}

/** `(value + shift) × factor`, to the last bit as Orthanc calculates it, in floats of 32 bits. */
export function scaled(factor: number, shift: number): Brightness {
  const scale = Math.fround(factor);
  const offset = Math.fround(Math.fround(shift) * scale);
  return (value) => Math.fround(Math.fround(value * scale) + offset);
}
