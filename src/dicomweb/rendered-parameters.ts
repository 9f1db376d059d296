import { parseAccept } from "../http/accept.ts";
import { lastValue } from "../http/query.ts";
import type { RouteParameter } from "../http/route.ts";
import type { View } from "../pixels/render/view.ts";
import type { Region, Viewport } from "../pixels/render/viewport.ts";
import { ServerError } from "../util/errors.ts";
import { notAcceptable } from "./wado-accept.ts";

/** How a client wants to see a resource (PS3.18 §8.3.5). */
export interface RenderedRequest {
  readonly view: View;
  readonly type: "image/jpeg" | "image/png";
  /** Of JPEG: 1 to 100. */
  readonly quality: number;
}

export const renderedParameters: readonly RouteParameter[] = [
  {
    name: "viewport",
    in: "query",
    type: "string",
    summary:
      "Width and height of the picture; then left, top, width and height of the part of the image, turned when negative",
  },
  { name: "window", in: "query", type: "string", summary: "Centre, width, and linear, linear-exact or sigmoid" },
  { name: "quality", in: "query", type: "number", summary: "Of JPEG, 1 to 100" },
];

const defaultQuality = 90;
const functions = ["linear", "linear-exact", "sigmoid"] as const;

/** Throws `BadRequest` for an `Accept` header without pictures, `ParameterOutOfRange` for bad arguments. */
export function parseRendered(accept: string | undefined, query: URLSearchParams): RenderedRequest {
  const window = argument(query, "window", parseWindow);
  const viewport = argument(query, "viewport", parseViewport);
  return {
    type: acceptedType(accept),
    view: { kind: "web", window, viewport },
    quality: argument(query, "quality", parseQuality) ?? defaultQuality,
  };
}

function acceptedType(header: string | undefined): RenderedRequest["type"] {
  for (const { type } of parseAccept(header)) {
    if (type === "image/jpeg" || type === "image/*" || type === "*/*") return "image/jpeg";
    if (type === "image/png") return type;
  }
  throw notAcceptable(header, "image/jpeg or image/png");
}

function argument<Value>(
  query: URLSearchParams,
  name: string,
  parse: (text: string) => Value | undefined,
): Value | undefined {
  const text = lastValue(query, name);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== undefined) return value;
  throw new ServerError("ParameterOutOfRange", `${name}: expected ${expectations[name]}, found "${text}"`);
}

const expectations: Readonly<Record<string, string>> = {
  quality: "a number from 1 to 100",
  viewport: "width,height or width,height,left,top,width,height of numbers, the first four not negative",
  window:
    "center,width,function with a width of at least 1 (more than 0 if not linear), and linear, linear-exact or sigmoid",
};

function parseQuality(text: string): number | undefined {
  const quality = number(text);
  return quality !== undefined && Number.isInteger(quality) && quality >= 1 && quality <= 100 ? quality : undefined;
}

function parseWindow(text: string): Extract<View, { kind: "web" }>["window"] {
  const [center, width, name, ...others] = text.split(",");
  const shape = functions.find((known) => known === name?.trim());
  const window = { center: number(center), width: number(width) };
  if (shape === undefined || window.center === undefined || window.width === undefined || others.length > 0)
    return undefined;
  // PS3.3 §C.11.2.1.2.1 and §C.11.2.1.3.
  const isWide = shape === "linear" ? window.width >= 1 : window.width > 0;
  return isWide ? { center: window.center, width: window.width, function: shape } : undefined;
}

function parseViewport(text: string): Viewport | undefined {
  const fields = text.split(",");
  const [width, height] = fields.slice(0, 2).map((field) => whole(field));
  const size = { width: width ?? 0, height: height ?? 0 };
  if (!(size.width > 0 && size.height > 0)) return undefined;
  if (fields.length === 2) return size;
  const region = fields.length === 6 ? parseRegion(fields.slice(2)) : undefined;
  return region === undefined ? undefined : { ...size, region };
}

/** Fields that are empty have their defaults. */
function parseRegion(fields: readonly string[]): Region | undefined {
  const [left, top, width, height] = fields.map((field) => (field.trim() === "" ? null : whole(field)));
  if (left === undefined || top === undefined || width === undefined || height === undefined) return undefined;
  if ((left ?? 0) < 0 || (top ?? 0) < 0) return undefined;
  return { left: left ?? 0, top: top ?? 0, width: width ?? undefined, height: height ?? undefined };
}

/** Pixels are not divided. */
function whole(text: string): number | undefined {
  const value = number(text);
  return value === undefined ? undefined : Math.sign(value) * Math.round(Math.abs(value));
}

function number(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? "";
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(trimmed) ? Number(trimmed) : undefined;
}
