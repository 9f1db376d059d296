import { ServerError } from "../../util/errors.ts";
import type { DecodedFrame } from "../frame.ts";
import { colourPicture, isColour, type Palette } from "./colour-picture.ts";
import { cropped, type Region } from "./crop.ts";
import { cut, stretched, windowed, type GrayscaleFrame, type Window } from "./grayscale.ts";
import type { Picture } from "./picture.ts";
import { fittedSize, resized, smoothed } from "./resize.ts";
import { sampleValues } from "./sample-values.ts";

/** What a picture of a frame shall show. */
export type Rendering =
  /** Grayscale stretched from its smallest to its largest value; colours as they are. */
  | { readonly kind: "preview" }
  /** Grayscale through a window; colours as they are; in another size. */
  | { readonly kind: "rendered"; readonly window: Window | undefined; readonly size: Size; readonly region?: Region }
  /** The values of a grayscale image, cut to what the format holds. */
  | { readonly kind: "values"; readonly format: "Grayscale8" | "Grayscale16" | "SignedGrayscale16" };

/** Limits in pixels, 0: none; the proportions are kept. */
export interface Size {
  readonly width: number;
  readonly height: number;
  /** Smooth what is made smaller. */
  readonly smooth: boolean;
}

/** The picture of a frame. Throws `IncompatibleImageFormat` for the values of colours. */
export function render(frame: DecodedFrame, rendering: Rendering, palette: Palette | undefined): Picture {
  if (rendering.kind === "values") return valuesOf(frame, rendering.format);
  const picture = isColour(frame) ? colourPicture(frame, palette) : grayscalePicture(frame, rendering);
  return rendering.kind === "preview" ? picture : inSize(picture, rendering);
}

function grayscale(frame: DecodedFrame): GrayscaleFrame {
  return { shape: frame.shape, values: sampleValues(frame) };
}

function valuesOf(frame: DecodedFrame, format: "Grayscale8" | "Grayscale16" | "SignedGrayscale16"): Picture {
  if (isColour(frame)) throw new ServerError("IncompatibleImageFormat", "colours are no grayscale values");
  return cut(grayscale(frame), format);
}

function grayscalePicture(frame: DecodedFrame, rendering: Exclude<Rendering, { kind: "values" }>): Picture {
  const image = grayscale(frame);
  const isStretched = rendering.kind === "preview" || rendering.window === undefined;
  return isStretched ? stretched(image) : windowed(image, rendering.window);
}

function inSize(picture: Picture, { size, region }: Extract<Rendering, { kind: "rendered" }>): Picture {
  const part = region === undefined ? picture : cropped(picture, region);
  const { width, height } = fittedSize(part, size);
  const isSmaller = width < part.width || height < part.height;
  return resized(size.smooth && isSmaller ? smoothed(part) : part, width, height);
}
