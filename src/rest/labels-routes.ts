import type { Catalog } from "../catalog/catalog.ts";
import { empty, json, notFound } from "../http/reply.ts";
import type { HttpRequest, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { type LevelRow, levelRowsDownwards, unknownResource } from "./levels.ts";

interface LabelsParts {
  readonly catalog: Catalog;
}

/** `/{level}/{id}/labels…` and `/tools/labels`. */
export function labelsRoutes(parts: LabelsParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/tools/labels",
      tag: "System",
      summary: "All labels in use",
      handle: async () => json((await parts.catalog.labels()).toSorted()),
    },
    ...levelRowsDownwards.flatMap((row) => levelRoutes(parts, row)),
  ];
}

function levelRoutes({ catalog }: LabelsParts, row: LevelRow): readonly Route[] {
  const labels = `/${row.plural}/{id}/labels`;
  const path = `${labels}/{label}`;
  const tag = row.plural;
  return [
    {
      method: "GET",
      path: labels,
      tag,
      summary: `Labels of the ${row.singular}`,
      handle: async (request) => json((await labelsOf(catalog, row, request)).toSorted()),
    },
    {
      method: "GET",
      path,
      tag,
      summary: `Whether the ${row.singular} has the label`,
      async handle(request) {
        const labels = await labelsOf(catalog, row, request);
        return labels.includes(labelOf(request)) ? empty() : notFound();
      },
    },
    {
      method: "PUT",
      path,
      tag,
      summary: `Add a label to the ${row.singular}`,
      writes: true,
      async handle(request) {
        const label = labelOf(request);
        await labelsOf(catalog, row, request);
        await catalog.addLabel(request.parameters["id"] ?? "", label);
        return empty();
      },
    },
    {
      method: "DELETE",
      path,
      tag,
      summary: `Remove a label from the ${row.singular}`,
      writes: true,
      async handle(request) {
        const label = labelOf(request);
        await labelsOf(catalog, row, request);
        await catalog.removeLabel(request.parameters["id"] ?? "", label);
        return empty();
      },
    },
  ];
}

async function labelsOf(catalog: Catalog, row: LevelRow, request: HttpRequest): Promise<readonly string[]> {
  const id = request.parameters["id"] ?? "";
  const [found] = await catalog.find({ level: row.level, publicIds: [id], include: { labels: true } });
  if (found === undefined) throw unknownResource(row, id);
  return found.labels ?? [];
}

function labelOf(request: HttpRequest): string {
  const label = request.parameters["label"] ?? "";
  if (/^[A-Za-z0-9_-]{1,64}$/.test(label)) return label;
  throw new ServerError("ParameterOutOfRange", `A label has 1 to 64 letters, digits, "_" or "-"; found "${label}"`);
}
