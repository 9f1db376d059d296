import { ServerError } from "../../util/errors.ts";
import type { DecodedFrame } from "../frame.ts";
import { type Rescale, type Window, windowBrightness, type WindowFunction } from "./brightness.ts";
import { colourPicture, isColour } from "./colour-picture.ts";
import { cut, type GrayscaleFrame, type IntegerFormat, inverted, shaded, stretched } from "./grayscale.ts";
import type { StoredPalette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { fittedSize, type PictureSize, resized, type SizeLimits, sources } from "./resize.ts";
import { sampleValues } from "./sample-values.ts";
import { smoothed } from "./smooth.ts";
import { inViewport, type Viewport } from "./viewport.ts";

/** What a picture of a frame shall show. */
export type Rendering =
  | {
      readonly kind: "shown";
      /** Of grayscale; undefined: stretched from the smallest to the largest value. */
      readonly window: WindowedTones | undefined;
      readonly layout: Layout;
    }
  /** The values of a grayscale image, cut to what the format holds. */
  | { readonly kind: "values"; readonly format: IntegerFormat };

export interface WindowedTones extends Window, Rescale {
  readonly function: WindowFunction;
}

/** The size of a picture. */
export type Layout =
  | { readonly kind: "original" }
  /** Keeps the proportions. */
  | ({ readonly kind: "fitted"; readonly smooth: boolean } & SizeLimits)
  | ({ readonly kind: "viewport" } & Viewport);

/** Pixels of the largest picture that is made. */
const largestPicture = 2 ** 26;

/**
 * The picture of a frame. Throws `IncompatibleImageFormat` for the values of colours, `ParameterOutOfRange` for a picture that is too
 * large, and as `colourPicture`.
 */
export function render(frame: DecodedFrame, rendering: Rendering, palette: StoredPalette | undefined): Picture {
  const isGrayscale = !isColour(frame);
  if (rendering.kind === "values") {
    if (isGrayscale) return cut(grayscale(frame), rendering.format);
    throw new ServerError("IncompatibleImageFormat", "the image has colours: expected a grayscale one");
  }
  if (!isGrayscale) return laidOut(colourPicture(frame, palette), rendering.layout);
  const picture = shownTones(grayscale(frame), rendering);
  if (frame.shape.photometricInterpretation !== "MONOCHROME1") return laidOut(picture, rendering.layout);
  // Its lowest value is the brightest. Smoothing rounds down, so it comes before; what is around a picture is black, so it comes after.
  return rendering.layout.kind === "viewport"
    ? laidOut(inverted(picture), rendering.layout)
    : inverted(laidOut(picture, rendering.layout));
}

function grayscale(frame: DecodedFrame): GrayscaleFrame {
  return { shape: frame.shape, values: sampleValues(frame) };
}

function shownTones(frame: GrayscaleFrame, { window, layout }: Extract<Rendering, { kind: "shown" }>): Picture {
  if (window === undefined) return stretched(frame);
  const brightness = windowBrightness(window.function, window, window);
  // Pixels that will be left out need not be looked at.
  return shaded(layout.kind === "fitted" && !layout.smooth ? shrunk(frame, layout) : frame, brightness);
}

/** The frame with no more pixels than its picture will have. */
function shrunk(frame: GrayscaleFrame, limits: SizeLimits): GrayscaleFrame {
  const { shape, values } = frame;
  const { width, height } = fittedSize({ width: shape.columns, height: shape.rows }, limits);
  if (width >= shape.columns || height >= shape.rows) return frame;
  const columns = sources(shape.columns, width);
  const fewer = values.slice(0, width * height);
  let to = 0;
  for (const row of sources(shape.rows, height)) {
    for (const column of columns) fewer[to++] = values[row * shape.columns + column] ?? 0;
  }
  return { shape: { ...shape, rows: height, columns: width }, values: fewer };
}

function laidOut(picture: Picture, layout: Layout): Picture {
  if (layout.kind === "original") return picture;
  const size = layout.kind === "viewport" ? layout : fittedSize(picture, layout);
  checkSize(size);
  if (layout.kind === "viewport") return inViewport(picture, layout);
  const isSmaller = size.width < picture.width || size.height < picture.height;
  return resized(layout.smooth && isSmaller ? smoothed(picture) : picture, size);
}

function checkSize({ width, height }: PictureSize): void {
  if (width * height <= largestPicture) return;
  throw new ServerError("ParameterOutOfRange", `a picture of ${width} × ${height} pixels is too large`);
}
