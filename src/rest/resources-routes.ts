import type { Archive } from "../archive/archive.ts";
import { unsignedArgument } from "../http/query.ts";
import { json, notFound } from "../http/reply.ts";
import type { Route, RouteParameter } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { isExpanded, resourceFormatOfQuery } from "./format-request.ts";
import {
  type LevelRow,
  levelRowsAbove,
  levelRowsBelow,
  levelRowsDownwards,
  resourcePath,
  unknownResource,
} from "./levels.ts";
import { describeResources, listIds, type ResourceParts } from "./resources.ts";

export const formatParameters: readonly RouteParameter[] = [
  { name: "short", in: "query", type: "boolean", summary: "Tags by number" },
  { name: "full", in: "query", type: "boolean", summary: "Tags by number, with name and type" },
  { name: "requested-tags", in: "query", type: "string", summary: "Tags to give besides, joined by semicolons" },
];

const expandParameters: readonly RouteParameter[] = [
  { name: "expand", in: "query", type: "boolean", summary: "Descriptions instead of ids" },
  { name: "response-content", in: "query", type: "string", summary: "Parts of the descriptions, joined by semicolons" },
  ...formatParameters,
];

/** `/{level}`, `/{level}/{id}`, and the relatives of a resource: `/{level}/{id}/{other level}`. */
export function resourcesRoutes(parts: ResourceParts & { readonly archive: Archive }): readonly Route[] {
  return levelRowsDownwards.flatMap((row) => [
    listRoute(parts, row),
    describeRoute(parts, row),
    removeRoute(parts.archive, row),
    ...levelRowsBelow(row.level).map((lower) => descendantsRoute(parts, row, lower)),
    ...levelRowsAbove(row.level).map((upper) => ancestorRoute(parts, row, upper)),
  ]);
}

function listRoute(parts: ResourceParts, row: LevelRow): Route {
  return {
    method: "GET",
    path: `/${row.plural}`,
    tag: row.plural,
    summary: `Ids of all ${row.plural}, or their descriptions`,
    parameters: [
      { name: "since", in: "query", type: "number", summary: "How many to leave out; needs limit" },
      { name: "limit", in: "query", type: "number", summary: "How many to give; needs since" },
      ...expandParameters,
    ],
    async handle({ query }) {
      const page = pageOf(query);
      if (!isExpanded(query, false)) return json(await listIds(parts, row.level, page));
      return json(await describeResources(parts, row.level, page, resourceFormatOfQuery(query)));
    },
  };
}

function describeRoute(parts: ResourceParts, row: LevelRow): Route {
  return {
    method: "GET",
    path: `/${row.plural}/{id}`,
    tag: row.plural,
    summary: `Description of the ${row.singular}`,
    parameters: expandParameters.slice(1),
    async handle({ parameters: { id = "" }, query }) {
      const format = resourceFormatOfQuery(query);
      const [description] = await describeResources(parts, row.level, { publicIds: [id] }, format);
      if (description === undefined) throw unknownResource(row, id);
      return json(description);
    },
  };
}

function removeRoute(archive: Archive, row: LevelRow): Route {
  return {
    method: "DELETE",
    path: `/${row.plural}/{id}`,
    tag: row.plural,
    summary: `Delete the ${row.singular} and all below it`,
    writes: true,
    async handle({ parameters: { id = "" } }) {
      const removed = await archive.remove(id, row.level);
      if (removed === undefined) return notFound();
      const { remainingAncestor } = removed;
      if (remainingAncestor === null) return json({ RemainingAncestor: null });
      const { level: Type, publicId: ID } = remainingAncestor;
      return json({ RemainingAncestor: { ID, Path: resourcePath(remainingAncestor), Type } });
    },
  };
}

function descendantsRoute(parts: ResourceParts, row: LevelRow, lower: LevelRow): Route {
  return {
    method: "GET",
    path: `/${row.plural}/{id}/${lower.plural}`,
    tag: row.plural,
    summary: `Descriptions of the ${lower.plural} of the ${row.singular}, or their ids`,
    parameters: expandParameters,
    async handle({ parameters: { id = "" }, query }) {
      const selection = { relatedTo: { level: row.level, publicId: id } };
      const found = isExpanded(query, true)
        ? await describeResources(parts, lower.level, selection, resourceFormatOfQuery(query))
        : await listIds(parts, lower.level, selection);
      if (found.length === 0) throw unknownResource(row, id);
      return json(found);
    },
  };
}

function ancestorRoute(parts: ResourceParts, row: LevelRow, upper: LevelRow): Route {
  return {
    method: "GET",
    path: `/${row.plural}/{id}/${upper.singular}`,
    tag: row.plural,
    summary: `Description of the ${upper.singular} of the ${row.singular}`,
    parameters: expandParameters.slice(1),
    async handle({ parameters: { id = "" }, query }) {
      const selection = { relatedTo: { level: row.level, publicId: id } };
      const [description] = await describeResources(parts, upper.level, selection, resourceFormatOfQuery(query));
      if (description === undefined) throw unknownResource(row, id);
      return json(description);
    },
  };
}

/** `since` and `limit` come together or not at all. */
function pageOf(query: URLSearchParams): { since?: number; limit?: number } {
  const since = unsignedArgument(query, "since");
  const limit = unsignedArgument(query, "limit");
  if (since === undefined && limit === undefined) return {};
  if (since === undefined || limit === undefined) {
    const missing = since === undefined ? "since" : "limit";
    throw new ServerError("BadRequest", `The argument "${missing}" is missing: "since" and "limit" come together`);
  }
  return { since, limit };
}
