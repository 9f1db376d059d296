import type { Pictures } from "../archive/pictures.ts";
import { pathToRoot } from "../http/path-to-root.ts";
import { bytes, notFound, redirect } from "../http/reply.ts";
import type { HttpRequest, Reply, Route, RouteParameter } from "../http/route.ts";
import type { View } from "../pixels/render/view.ts";
import { ServerError } from "../util/errors.ts";
import { frameNumber } from "./frame-number.ts";
import { acceptedPicture, qualityArgument, renderedParameters, renderedView } from "./picture-request.ts";

interface PictureRow {
  /** Last segment of the routes. */
  readonly segment: string;
  readonly summary: string;
  readonly parameters?: readonly RouteParameter[];
  /** Throws `ParameterOutOfRange` for bad arguments. */
  readonly view: (query: URLSearchParams) => View;
}

const rows: readonly PictureRow[] = [
  {
    segment: "preview",
    summary: "A picture in which grayscale reaches from black to white",
    view: () => ({ kind: "preview" }),
  },
  {
    segment: "rendered",
    summary: "A picture through a window, in any size",
    parameters: renderedParameters,
    view: renderedView,
  },
  {
    segment: "image-uint8",
    summary: "The values, cut to 0 … 255",
    view: () => ({ kind: "values", format: "uint8" }),
  },
  {
    segment: "image-uint16",
    summary: "The values, cut to 0 … 65535",
    view: () => ({ kind: "values", format: "uint16" }),
  },
  {
    segment: "image-int16",
    summary: "The values, cut to -32768 … 32767",
    view: () => ({ kind: "values", format: "int16" }),
  },
];

const commonParameters: readonly RouteParameter[] = [
  { name: "quality", in: "query", type: "number", summary: "Of JPEG, 1 to 100" },
  {
    name: "returnUnsupportedImage",
    in: "query",
    type: "boolean",
    summary: "Lead to an icon where there is no picture",
  },
];

const unsupportedIcon = "app/images/unsupported.png";

/** Pictures of frames, as PNG, JPEG or PAM: `/instances/{id}/preview`, `/instances/{id}/frames/{frame}/preview`, … */
export function pictureRoutes({ pictures }: { readonly pictures: Pictures }): readonly Route[] {
  const places = [
    { path: "/instances/{id}", of: "of the first frame" },
    { path: "/instances/{id}/frames/{frame}", of: "of a frame" },
  ];
  const routes = places.flatMap(({ path, of }) =>
    rows.map((row): Route => ({
      method: "GET",
      path: `${path}/${row.segment}`,
      tag: "instances",
      summary: `${row.summary} (${of})`,
      parameters: [...(row.parameters ?? []), ...commonParameters],
      handle: async (request) => await answer(pictures, row, request),
    })),
  );
  const icon: Route = {
    method: "GET",
    path: `/${unsupportedIcon}`,
    tag: "Web interface",
    summary: "What stands for images that cannot be shown",
    handle: async () => bytes("image/png", await pictures.iconOf("unsupported", { type: "image/png", quality: 0 })),
  };
  return [...routes, icon];
}

/** Errors are told by statuses without a body, as in Orthanc. */
async function answer(pictures: Pictures, row: PictureRow, request: HttpRequest): Promise<Reply> {
  const { headers, parameters, query } = request;
  const frame = frameNumber(request);
  const type = acceptedPicture(headers.accept);
  if (frame === undefined || type === undefined) return notFound();
  try {
    const wanted = { view: row.view(query), type, quality: qualityArgument(query) };
    return bytes(type, await pictures.pictureOf(parameters["id"] ?? "", frame, wanted));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (error.errorName === "ParameterOutOfRange" || error.errorName === "UnknownResource") return notFound();
    const flag = query.get("returnUnsupportedImage");
    return flag === null || flag === "false"
      ? { status: 415, body: "" }
      : redirect(pathToRoot(request) + unsupportedIcon);
  }
}
