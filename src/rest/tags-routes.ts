import type { Archive, InstanceHeader } from "../archive/archive.ts";
import { flag } from "../http/query.ts";
import { json } from "../http/reply.ts";
import type { HttpRequest, Route, RouteParameter } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { toOrthancJson } from "../dicom/orthanc-json.ts";
import { datasetJson, ignoredLengths } from "./dataset-json.ts";
import { tagFormatOfQuery } from "./format-request.ts";

const formatParameters: readonly RouteParameter[] = [
  { name: "simplify", in: "query", type: "boolean", summary: "Tags by name" },
  { name: "short", in: "query", type: "boolean", summary: "Tags by number" },
];

const datasetParameters: readonly RouteParameter[] = [
  { name: "ignore-length", in: "query", type: "string", summary: "Tags whose values are never too long" },
  { name: "whole", in: "query", type: "boolean", summary: "Read on after the pixel data" },
];

/** `/instances/{id}/tags`, `…/simplified-tags` and `…/header`: the dataset of one instance. */
export function tagsRoutes(parts: { readonly archive: Pick<Archive, "header" | "dataset"> }): readonly Route[] {
  const { archive } = parts;
  const tag = "instances";
  return [
    {
      method: "GET",
      path: "/instances/{id}/tags",
      tag,
      summary: "The dataset, with names and types",
      parameters: [...formatParameters, ...datasetParameters],
      async handle(request) {
        const read = await readInstance(archive, request, flag(request.query, "whole"));
        return json(datasetJson(read, tagFormatOfQuery(request.query, "full"), ignoredLengths(request.query)));
      },
    },
    {
      method: "GET",
      path: "/instances/{id}/simplified-tags",
      tag,
      summary: "The dataset, by names",
      parameters: datasetParameters,
      async handle(request) {
        const read = await readInstance(archive, request, flag(request.query, "whole"));
        return json(datasetJson(read, "simple", ignoredLengths(request.query)));
      },
    },
    {
      method: "GET",
      path: "/instances/{id}/header",
      tag,
      summary: "The file meta information (group 0002)",
      parameters: formatParameters,
      async handle(request) {
        const { meta } = await readInstance(archive, request, false);
        return json(toOrthancJson(meta, tagFormatOfQuery(request.query, "full")));
      },
    },
  ];
}

/** The instance in the path: its header, or the whole dataset; throws UnknownResource. */
export async function readInstance(
  archive: Pick<Archive, "header" | "dataset">,
  request: HttpRequest,
  whole: boolean,
): Promise<InstanceHeader> {
  const { id = "" } = request.parameters;
  const found = await (whole ? archive.dataset(id) : archive.header(id));
  if (found !== undefined) return found;
  throw new ServerError("UnknownResource", `There is no instance ${id}`);
}
