import { parseAccept } from "../http/accept.ts";
import { booleanArgument, lastValue } from "../http/query.ts";
import type { RouteParameter } from "../http/route.ts";
import type { PictureType } from "../pixels/render/encode-picture.ts";
import { pictureTypes } from "../pixels/render/encode-picture.ts";
import type { View } from "../pixels/render/view.ts";
import { ServerError } from "../util/errors.ts";

const defaultQuality = 90;

/** The first type of pictures that an `Accept` header takes; undefined when it takes none. */
export function acceptedPicture(header: string | undefined): PictureType | undefined {
  for (const { type } of parseAccept(header)) {
    const found = pictureTypes.find((known) => type === known || type === "image/*" || type === "*/*");
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `quality` of JPEG. Throws `BadRequest`, for other types too. */
export function qualityArgument(query: URLSearchParams): number {
  const text = lastValue(query, "quality");
  if (text === undefined) return defaultQuality;
  const quality = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (quality >= 1 && quality <= 100) return quality;
  throw new ServerError("BadRequest", `quality: expected a number from 1 to 100, found "${text}"`);
}

export const renderedParameters: readonly RouteParameter[] = [
  { name: "window-center", in: "query", type: "number", summary: "Centre of the window; default: that of the image" },
  { name: "window-width", in: "query", type: "number", summary: "Width of the window; default: that of the image" },
  { name: "width", in: "query", type: "number", summary: "Largest width; proportions are kept" },
  { name: "height", in: "query", type: "number", summary: "Largest height; proportions are kept" },
  { name: "smooth", in: "query", type: "boolean", summary: "Smooth what is made smaller" },
];

/** The arguments of `rendered`. Throws `ParameterOutOfRange`. */
export function renderedView(query: URLSearchParams): View {
  const center = numberArgument(query, "window-center", decimal);
  const width = numberArgument(query, "window-width", decimal);
  return {
    kind: "rendered",
    window: { ...(center === undefined ? {} : { center }), ...(width === undefined ? {} : { width }) },
    size: {
      width: numberArgument(query, "width", unsigned) ?? 0,
      height: numberArgument(query, "height", unsigned) ?? 0,
    },
    smooth: booleanArgument(query, "smooth", false),
  };
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const unsigned = /^\d{1,9}$/;

function numberArgument(query: URLSearchParams, name: string, pattern: RegExp): number | undefined {
  const text = lastValue(query, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (pattern.test(text) && Number.isFinite(number)) return number;
  throw new ServerError("ParameterOutOfRange", `${name}: expected a number, found "${text}"`);
}
