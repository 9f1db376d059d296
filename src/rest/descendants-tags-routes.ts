import type { Archive, InstanceHeader } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { toOrthancJson } from "../dicom/orthanc-json.ts";
import { jsonText } from "../http/json-text.ts";
import { membersToXml, wantsXml, xmlType } from "../http/json-to-xml.ts";
import { json, jsonType, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { datasetJson, ignoredLengths, onlyTags } from "./dataset-json.ts";
import { tagFormatOfQuery } from "./format-request.ts";
import { type LevelRow, levelRowsDownwards, unknownResource } from "./levels.ts";
import { type DicomModule, moduleTags } from "../dicom/module-tags.ts";
import type { TagFormat } from "./tag-json.ts";

interface DescendantsTagsParts {
  readonly catalog: Catalog;
  readonly archive: Archive;
}

/** `…/module`, `…/shared-tags` and `…/instances-tags`: what the instances of a resource say. */
export function descendantsTagsRoutes(parts: DescendantsTagsParts): readonly Route[] {
  return [
    ...levelRowsDownwards.map((row) => moduleRoute(parts, row, `/${row.plural}/{id}/module`, row.level)),
    ...levelRowsDownwards
      .filter(({ level }) => level === "Study")
      .map((row) => moduleRoute(parts, row, "/studies/{id}/module-patient", "Patient")),
    ...levelRowsDownwards
      .filter(({ level }) => level !== "Instance")
      .flatMap((row) => [sharedTagsRoute(parts, row), instancesTagsRoute(parts, row)]),
  ];
}

function moduleRoute(parts: DescendantsTagsParts, row: LevelRow, path: string, module: DicomModule): Route {
  return {
    method: "GET",
    path,
    tag: row.plural,
    summary: `Attributes of the ${module} module, from one instance of the ${row.singular}`,
    async handle(request) {
      const { dataset } = await readOneInstance(parts, row, request);
      const attributes = onlyTags(dataset, moduleTags[module]);
      const format = tagFormatOfQuery(request.query, "full");
      return json(datasetJson({ dataset: attributes, pixelDataVR: undefined }, format, ignoredLengths(request.query)));
    },
  };
}

function sharedTagsRoute(parts: DescendantsTagsParts, row: LevelRow): Route {
  return {
    method: "GET",
    path: `/${row.plural}/{id}/shared-tags`,
    tag: row.plural,
    summary: `Tags with the same text in all instances of the ${row.singular}`,
    async handle(request) {
      const shared = await sharedTags(parts, await instancesOf(parts, row, request));
      return json(inFormat(shared, tagFormatOfQuery(request.query, "full")));
    },
  };
}

function instancesTagsRoute(parts: DescendantsTagsParts, row: LevelRow): Route {
  return {
    method: "GET",
    path: `/${row.plural}/{id}/instances-tags`,
    tag: row.plural,
    summary: `Datasets of all instances of the ${row.singular}, by id`,
    async handle(request) {
      const ids = await instancesOf(parts, row, request);
      const format = tagFormatOfQuery(request.query, "full");
      const lengths = ignoredLengths(request.query);
      async function* members(): AsyncGenerator<readonly [string, object]> {
        for (const id of ids) {
          const header = await parts.archive.header(id);
          if (header !== undefined) yield [id, datasetJson(header, format, lengths)];
        }
      }
      return wantsXml(request.headers.accept) ? stream(xmlType, membersToXml(members())) : streamObject(members());
    },
  };
}

/** Public ids of all instances below the resource in the path, sorted; throws UnknownResource. */
async function instancesOf(
  { catalog }: DescendantsTagsParts,
  row: LevelRow,
  request: HttpRequest,
): Promise<readonly string[]> {
  const { id = "" } = request.parameters;
  const found = await catalog.find({
    level: "Instance",
    relatedTo: { level: row.level, publicId: id },
    include: {},
  });
  if (found.length === 0) throw unknownResource(row, id);
  return found.map(({ publicId }) => publicId).toSorted();
}

async function readOneInstance(
  { archive, catalog }: DescendantsTagsParts,
  row: LevelRow,
  request: HttpRequest,
): Promise<InstanceHeader> {
  const { id = "" } = request.parameters;
  const [found] = await catalog.find({ level: row.level, publicIds: [id], include: { oneInstance: true } });
  const instance = row.level === "Instance" ? id : found?.oneInstance;
  const header = found === undefined || instance === undefined ? undefined : await archive.header(instance);
  if (header === undefined) throw unknownResource(row, id);
  return header;
}

interface SharedTag {
  readonly Name: string;
  readonly Type: "String";
  readonly Value: string;
}

/** By `gggg,eeee`, the tags of type String that have one value in all instances. One header is in memory at a time. */
async function sharedTags(
  { archive }: DescendantsTagsParts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SharedTag>> {
  let shared: ReadonlyMap<string, SharedTag> | undefined;
  for (const id of ids) {
    const header = await archive.header(id);
    if (header === undefined) continue;
    const tags = toOrthancJson(header.dataset, "full");
    shared = new Map(
      shared === undefined
        ? Object.entries(tags).filter((entry): entry is [string, SharedTag] => isText(entry[1]))
        : [...shared].filter(([tag, { Value }]) => {
            const other = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
            return isText(other) && other.Value === Value;
          }),
    );
  }
  return shared ?? new Map();
}

function isText(tag: unknown): tag is SharedTag {
  return typeof tag === "object" && tag !== null && "Type" in tag && tag.Type === "String";
}

function inFormat(shared: ReadonlyMap<string, SharedTag>, format: TagFormat): object {
  if (format === "full") return Object.fromEntries(shared);
  return Object.fromEntries([...shared].map(([tag, { Name, Value }]) => [format === "short" ? tag : Name, Value]));
}

/** A JSON object whose members are made one after the other while it is sent. */
function streamObject(members: AsyncIterable<readonly [string, object]>): Reply {
  async function* text() {
    let separator = "{\n";
    for await (const [key, value] of members) {
      yield Buffer.from(`${separator}   ${JSON.stringify(key)}: ${jsonText(value).replaceAll("\n", "\n   ")}`);
      separator = ",\n";
    }
    yield Buffer.from(separator === "{\n" ? "{}" : "\n}");
  }
  return stream(jsonType, text());
}
