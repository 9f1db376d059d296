import { hash } from "node:crypto";
import type { Archive } from "../archive/archive.ts";
import type { Catalog, Metadata, ResourceReference } from "../catalog/catalog.ts";
import { readText } from "../http/body.ts";
import { booleanArgument, flag } from "../http/query.ts";
import { empty, json, notFound, text } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { currentTime } from "./date-time.ts";
import { type LevelRow, levelRowsDownwards, unknownResource } from "./levels.ts";
import { isUserNumber, type NumberedNames } from "./numbered-names.ts";
import { metadataJson } from "./resource-json.ts";
import { entityTag, expectedRevision, isKnown, type Revision, writtenRevision } from "./revision.ts";

export interface MetadataParts {
  readonly archive: Pick<Archive, "announce">;
  readonly catalog: Catalog;
  readonly metadataNames: NumberedNames;
  readonly checkRevisions: boolean;
}

/** `/{level}/{id}/metadata…`: reading all, writing and removing those of users (numbers from 1024). */
export function metadataRoutes(parts: MetadataParts): readonly Route[] {
  return levelRowsDownwards.flatMap((row) => levelRoutes(parts, row));
}

function levelRoutes(parts: MetadataParts, row: LevelRow): readonly Route[] {
  const path = `/${row.plural}/{id}/metadata`;
  const named = `${path}/{name}`;
  const tag = row.plural;
  return [
    {
      method: "GET",
      path,
      tag,
      summary: `Names of the metadata of the ${row.singular}`,
      parameters: [
        { name: "expand", in: "query", type: "boolean", summary: "Names with their values" },
        { name: "numeric", in: "query", type: "boolean", summary: "Numbers instead of names" },
      ],
      handle: (request) => listMetadata(parts, row, request),
    },
    {
      method: "GET",
      path: named,
      tag,
      summary: `A metadata of the ${row.singular}`,
      handle: (request) => getMetadata(parts, row, request),
    },
    {
      method: "PUT",
      path: named,
      tag,
      summary: `Set a user metadata of the ${row.singular}`,
      writes: true,
      handle: (request) => putMetadata(parts, row, request),
    },
    {
      method: "DELETE",
      path: named,
      tag,
      summary: `Remove a user metadata of the ${row.singular}`,
      writes: true,
      handle: (request) => deleteMetadata(parts, row, request),
    },
  ];
}

interface StoredMetadata extends Revision {
  readonly value: string;
}

/** All metadata of the resource in the path; throws UnknownResource. */
async function allMetadata(
  parts: MetadataParts,
  row: LevelRow,
  request: HttpRequest,
): Promise<ReadonlyMap<number, StoredMetadata>> {
  const { id = "" } = request.parameters;
  const found = await parts.catalog.metadata(id, row.level);
  if (found === undefined) throw unknownResource(row, id);
  return new Map(
    Object.entries(found).map(([number, { value, revision }]) => [
      Number(number),
      { value, revision, checksum: hash("md5", value) },
    ]),
  );
}

async function listMetadata(parts: MetadataParts, row: LevelRow, request: HttpRequest): Promise<Reply> {
  const found = await allMetadata(parts, row, request);
  const numeric = flag(request.query, "numeric");
  if (booleanArgument(request.query, "expand", false)) {
    const values: Metadata = Object.fromEntries([...found].map(([number, { value }]) => [number, value]));
    return json(numeric ? values : metadataJson(values, parts.metadataNames));
  }
  const numbers = [...found.keys()].toSorted((a, b) => a - b);
  return json(numeric ? numbers : numbers.map((number) => parts.metadataNames.nameOf(number)));
}

async function getMetadata(parts: MetadataParts, row: LevelRow, request: HttpRequest): Promise<Reply> {
  const number = parts.metadataNames.numberOf(request.parameters["name"] ?? "");
  const found = (await allMetadata(parts, row, request)).get(number);
  if (found === undefined) return notFound();
  const headers = { ETag: entityTag(found) };
  return isKnown(request.headers, found) ? { status: 304, headers } : { ...text(found.value), headers };
}

async function putMetadata(parts: MetadataParts, row: LevelRow, request: HttpRequest): Promise<Reply> {
  const { id = "", name = "" } = request.parameters;
  const number = parts.metadataNames.numberOf(name);
  if (!isUserNumber(number)) return { status: 403, body: "" };
  const value = await readText(request);
  const present = (await allMetadata(parts, row, request)).get(number);
  const expected = expectedRevision(request.headers, present, parts.checkRevisions);
  const revision = writtenRevision(await parts.catalog.setMetadata(id, number, value, expected));
  await recordUpdate(parts, { level: row.level, publicId: id });
  const checksum = hash("md5", value);
  return { ...empty(), headers: { ETag: entityTag({ revision, checksum }) } };
}

async function deleteMetadata(parts: MetadataParts, row: LevelRow, request: HttpRequest): Promise<Reply> {
  const { id = "", name = "" } = request.parameters;
  const number = parts.metadataNames.numberOf(name);
  if (!isUserNumber(number)) return { status: 403, body: "" };
  const present = (await allMetadata(parts, row, request)).get(number);
  if (present === undefined) throw new ServerError("UnknownResource", `The ${row.singular} has no metadata ${name}`);
  const expected = expectedRevision(request.headers, present, parts.checkRevisions);
  writtenRevision(await parts.catalog.deleteMetadata(id, number, expected));
  await recordUpdate(parts, { level: row.level, publicId: id });
  return empty();
}

async function recordUpdate({ archive, catalog }: MetadataParts, resource: ResourceReference): Promise<void> {
  await catalog.recordChange("UpdatedMetadata", resource, currentTime());
  archive.announce("UpdatedMetadata", resource);
}
