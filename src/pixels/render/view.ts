import type { Dataset } from "../../dicom/dataset.ts";
import type { FrameShape } from "../frame.ts";
import type { Window, WindowFunction } from "./brightness.ts";
import { frameDisplay } from "./display.ts";
import type { IntegerFormat } from "./grayscale.ts";
import type { Rendering } from "./rendering.ts";
import type { SizeLimits } from "./resize.ts";
import type { Viewport } from "./viewport.ts";

/** What a client wants to see of a frame. */
export type View =
  /** Orthanc's `preview`: grayscale from its smallest to its largest value. */
  | { readonly kind: "preview" }
  /** Orthanc's `rendered`: through the window asked for, where it is, or that of the image. */
  | { readonly kind: "rendered"; readonly window: Partial<Window>; readonly size: SizeLimits; readonly smooth: boolean }
  /** Orthanc's `image-…`: the values of grayscale. */
  | { readonly kind: "values"; readonly format: IntegerFormat }
  /** DICOMweb's `rendered` (PS3.18 §8.3.5): through the window asked for, that of the image, or as a preview. */
  | {
      readonly kind: "web";
      readonly window: (Window & { readonly function: WindowFunction }) | undefined;
      readonly viewport: Viewport | undefined;
    };

/** The image that a frame is of, as its attributes describe it. `frame` counts from 0. */
export interface ViewedFrame {
  readonly dataset: Dataset;
  readonly frame: number;
  readonly shape: FrameShape;
}

/** What the view means for a frame. */
export function renderingOf(view: View, viewed: ViewedFrame): Rendering {
  switch (view.kind) {
    case "preview":
      return { kind: "shown", window: undefined, layout: { kind: "original" } };
    case "rendered":
      return renderedByOrthanc(view, viewed);
    case "values":
      return view;
    case "web":
      return renderedForWeb(view, viewed);
    default:
      return view satisfies never;
  }
}

/** Images of more bits rarely use a part of them that is worth to be called their range. */
const mostBitsOfRange = 16;

function renderedByOrthanc(
  { window: wanted, size, smooth }: Extract<View, { kind: "rendered" }>,
  { dataset, frame, shape }: ViewedFrame,
): Rendering {
  const { window: own, rescale } = frameDisplay(dataset, frame, { withShared: false });
  const layout = { kind: "fitted", ...size, smooth } as const;
  const { center, width } = { ...own, ...wanted };
  const range = 2 ** shape.bitsStored;
  const hasNoWindow = center === undefined && width === undefined;
  if (hasNoWindow && (shape.float || shape.bitsStored > mostBitsOfRange))
    return { kind: "shown", window: undefined, layout };
  const window = { center: center ?? range / 2, width: width ?? range };
  return { kind: "shown", window: { ...window, ...rescale, function: "orthanc" }, layout };
}

function renderedForWeb(
  { window: wanted, viewport }: Extract<View, { kind: "web" }>,
  { dataset, frame }: ViewedFrame,
): Rendering {
  const { window: own, rescale } = frameDisplay(dataset, frame, { withShared: true });
  // A width below 1 makes no sense (PS3.3 §C.11.2.1.2.1).
  const ofImage = own === undefined || own.width < 1 ? undefined : ({ ...own, function: "linear" } as const);
  const window = wanted ?? ofImage;
  return {
    kind: "shown",
    window: window === undefined ? undefined : { ...window, ...rescale },
    layout: viewport === undefined ? { kind: "original" } : { kind: "viewport", ...viewport },
  };
}
