import type { Archive } from "../archive/archive.ts";
import type { Catalog, Level, ResourceReference } from "../catalog/catalog.ts";
import { empty, json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, isObject, readFields } from "./body-fields.ts";
import { tagFormatOfBody } from "./format-request.ts";
import { parseLevel } from "./levels.ts";
import { classicalSections, type ResourceFormat } from "./resource-format.ts";
import { describeResources, listIds, type ResourceParts } from "./resources.ts";

interface BulkParts extends ResourceParts {
  readonly catalog: Pick<Catalog, "levelOf">;
  readonly archive: Pick<Archive, "remove" | "md5">;
}

/** `/tools/bulk-content` and `/tools/bulk-delete`: many resources in one request. */
export function bulkRoutes(parts: BulkParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/tools/bulk-content",
      tag: "System",
      summary: "Descriptions of many resources, or of their relatives at one level",
      parameters: [
        { name: "Resources", in: "body", type: "array", summary: "Ids; unknown ones are passed over" },
        { name: "Level", in: "body", type: "string", summary: "Describe what is above or below them at this level" },
        { name: "Metadata", in: "body", type: "boolean", summary: "With the metadata (true)" },
        { name: "Short", in: "body", type: "boolean", summary: "Tags by number" },
        { name: "Full", in: "body", type: "boolean", summary: "Tags by number, with name and type" },
      ],
      handle: async (request) => json(await bulkContent(parts, await readFields(request))),
    },
    {
      method: "POST",
      path: "/tools/bulk-delete",
      tag: "System",
      summary: "Delete many resources",
      parameters: [{ name: "Resources", in: "body", type: "array", summary: "Ids; unknown ones are passed over" }],
      writes: true,
      async handle(request) {
        for (const { id, level } of resourcesOf(await readFields(request))) await parts.archive.remove(id, level);
        return empty();
      },
    },
  ];
}

async function bulkContent(parts: BulkParts, body: BodyReader): Promise<readonly object[]> {
  const levelName = body.string("Level");
  const level = levelName === undefined ? undefined : parseLevel(levelName);
  const format: ResourceFormat = {
    tags: tagFormatOfBody(body, "simple"),
    sections: body.boolean("Metadata", true) ? new Set([...classicalSections, "Metadata"]) : classicalSections,
    classical: true,
    requestedTags: [],
  };
  const resources = await knownResources(parts, body);
  if (level !== undefined) {
    const ids = await relativesAt(parts, level, resources);
    return ids.length === 0 ? [] : describeResources(parts, level, { publicIds: ids }, format);
  }
  const descriptions = [];
  for (const { level, publicId } of resources) {
    descriptions.push(...(await describeResources(parts, level, { publicIds: [publicId] }, format)));
  }
  return descriptions;
}

/** Those of the body's resources that exist. */
async function knownResources({ catalog }: BulkParts, body: BodyReader): Promise<readonly ResourceReference[]> {
  const known: ResourceReference[] = [];
  for (const { id } of resourcesOf(body)) {
    const level = await catalog.levelOf(id);
    if (level !== undefined) known.push({ level, publicId: id });
  }
  return known;
}

/** Ids of the resources of `level` that are among, above or below `resources`; each once, sorted. */
async function relativesAt(
  parts: ResourceParts,
  level: Level,
  resources: readonly ResourceReference[],
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const resource of resources) {
    const found = resource.level === level ? [resource.publicId] : await listIds(parts, level, { relatedTo: resource });
    for (const id of found) ids.add(id);
  }
  return [...ids].toSorted();
}

/** `Resources`: ids, or objects `{ Level, ID }`; throws BadFileFormat. */
function resourcesOf(body: BodyReader): readonly { readonly id: string; readonly level?: Level }[] {
  const resources = body.array("Resources");
  if (resources === undefined) throw new ServerError("BadFileFormat", 'Field "Resources" is missing');
  return resources.map((resource) => {
    if (typeof resource === "string") return { id: resource };
    const { ID, Level } = isObject(resource) ? resource : {};
    if (typeof ID === "string" && typeof Level === "string") return { id: ID, level: parseLevel(Level) };
    throw new ServerError("BadFileFormat", 'Field "Resources" must hold ids, or objects with "Level" and "ID"');
  });
}
