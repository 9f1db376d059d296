import type { Archive } from "../archive/archive.ts";
import type { Attachment, Catalog, ResourceReference } from "../catalog/catalog.ts";
import { flag } from "../http/query.ts";
import { empty, emptyObject, json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { attachmentReads, type AttachmentView } from "./attachment-views.ts";
import type { AttachmentTypes } from "./attachment-types.ts";
import { currentTime } from "./date-time.ts";
import { type LevelRow, levelRowsDownwards, unknownResource } from "./levels.ts";
import { isUserNumber, systemAttachments } from "./numbered-names.ts";
import { entityTag, expectedRevision, isKnown, type Revision, writtenRevision } from "./revision.ts";

export interface AttachmentsParts {
  readonly catalog: Catalog;
  readonly archive: Archive;
  readonly attachmentTypes: AttachmentTypes;
  readonly checkRevisions: boolean;
}

/** `/{level}/{id}/attachments…`: the files of resources. */
export function attachmentsRoutes(parts: AttachmentsParts): readonly Route[] {
  return levelRowsDownwards.flatMap((row) => [
    ...readingRoutes(parts, row),
    ...writingRoutes(parts, row),
    ...actionRoutes(parts, row),
  ]);
}

function readingRoutes(parts: AttachmentsParts, row: LevelRow): readonly Route[] {
  const path = `/${row.plural}/{id}/attachments`;
  const tag = row.plural;
  return [
    {
      method: "GET",
      path,
      tag,
      summary: `Names of the attachments of the ${row.singular}`,
      parameters: [{ name: "full", in: "query", type: "boolean", summary: "Names with their numbers" }],
      async handle(request) {
        const types = (await allAttachments(parts, row, request)).map(({ type }) => type);
        const { names } = parts.attachmentTypes;
        if (!flag(request.query, "full")) return json(types.map((type) => names.nameOf(type)));
        return json(Object.fromEntries(types.map((type) => [names.nameOf(type), type])));
      },
    },
    {
      method: "GET",
      path: `${path}/{name}`,
      tag,
      summary: "What can be done with the attachment",
      handle: (request) =>
        view(parts, row, request, ({ attachment }) => {
          const all = [...Object.keys(attachmentReads), ...Object.keys(actions)].toSorted();
          return json(attachment.compressedChecksum === "" ? all.filter((name) => name !== "compressed-md5") : all);
        }),
    },
    ...Object.entries(attachmentReads).map(([name, { summary, read }]): Route => ({
      method: "GET",
      path: `${path}/{name}/${name}`,
      tag,
      summary,
      handle: (request) => view(parts, row, request, read),
    })),
  ];
}

function writingRoutes(parts: AttachmentsParts, row: LevelRow): readonly Route[] {
  const path = `/${row.plural}/{id}/attachments/{name}`;
  const tag = row.plural;
  return [
    {
      method: "PUT",
      path,
      tag,
      summary: `Write a user attachment of the ${row.singular}`,
      writes: true,
      handle: (request) => putAttachment(parts, row, request),
    },
    {
      method: "DELETE",
      path,
      tag,
      summary: `Remove a user attachment of the ${row.singular}`,
      writes: true,
      handle: (request) => deleteAttachment(parts, row, request),
    },
  ];
}

interface AttachmentAction {
  readonly summary: string;
  readonly writes?: true;
  /** Answered when there is no such attachment. */
  readonly absent?: Reply;
  readonly act: (parts: AttachmentsParts, resource: ResourceReference, attachment: Attachment) => Promise<Reply>;
}

const actions: Readonly<Record<string, AttachmentAction>> = {
  compress: {
    summary: "Store the attachment compressed",
    writes: true,
    act: (parts, resource, attachment) => setCompression(parts, resource, attachment, true),
  },
  uncompress: {
    summary: "Store the attachment as it is",
    writes: true,
    act: (parts, resource, attachment) => setCompression(parts, resource, attachment, false),
  },
  "verify-md5": {
    summary: "Read the attachment and compare its MD5",
    absent: { status: 400, body: "" },
    async act({ archive }, _resource, attachment) {
      return (await archive.isIntact(attachment)) ? emptyObject() : { status: 400, body: "" };
    },
  },
};

function actionRoutes(parts: AttachmentsParts, row: LevelRow): readonly Route[] {
  return Object.entries(actions).map(([name, { summary, writes, absent, act }]): Route => ({
    method: "POST",
    path: `/${row.plural}/{id}/attachments/{name}/${name}`,
    tag: row.plural,
    summary,
    ...(writes === undefined ? {} : { writes }),
    handle: async (request) => {
      const resource = { level: row.level, publicId: request.parameters["id"] ?? "" };
      const attachment = await findAttachment(parts, row, request);
      if (attachment !== undefined) return act(parts, resource, attachment);
      return absent ?? noAttachment(row, request);
    },
  }));
}

async function setCompression(
  { archive, catalog }: AttachmentsParts,
  resource: ResourceReference,
  { type, compression }: Attachment,
  compressed: boolean,
): Promise<Reply> {
  if (!(await archive.setCompression(resource.publicId, type, compressed))) {
    throw new ServerError("UnknownResource", `The attachment of ${resource.publicId} has just been removed`);
  }
  const isChanged = (compression === 2) !== compressed;
  if (isChanged && isUserNumber(type)) await catalog.recordChange("UpdatedAttachment", resource, currentTime());
  return emptyObject();
}

/** Answers with a view of the attachment in the path, or 304 when the client already has this revision. */
async function view(
  parts: AttachmentsParts,
  row: LevelRow,
  request: HttpRequest,
  read: (view: AttachmentView) => Reply | Promise<Reply>,
): Promise<Reply> {
  const { id: publicId = "" } = request.parameters;
  const attachment = await oneAttachment(parts, row, request);
  const revision = revisionOf(attachment);
  const headers = { ETag: entityTag(revision) };
  if (isKnown(request.headers, revision)) return { status: 304, headers };
  const { archive, attachmentTypes } = parts;
  const reply = await read({ archive, attachmentTypes, publicId, attachment, request });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

async function putAttachment(parts: AttachmentsParts, row: LevelRow, request: HttpRequest): Promise<Reply> {
  const { id = "", name = "" } = request.parameters;
  const type = parts.attachmentTypes.names.numberOf(name);
  if (!isUserNumber(type)) return { status: 403, body: "" };
  const before = (await allAttachments(parts, row, request)).find((candidate) => candidate.type === type);
  const expected = expectedRevision(request.headers, before && revisionOf(before), parts.checkRevisions);
  writtenRevision(await parts.archive.attach(id, type, request.body, expected));
  await parts.catalog.recordChange("UpdatedAttachment", { level: row.level, publicId: id }, currentTime());
  const after = await oneAttachment(parts, row, request);
  return { ...emptyObject(), headers: { ETag: entityTag(revisionOf(after)) } };
}

async function deleteAttachment(parts: AttachmentsParts, row: LevelRow, request: HttpRequest): Promise<Reply> {
  const { id = "", name = "" } = request.parameters;
  const type = parts.attachmentTypes.names.numberOf(name);
  if (!isUserNumber(type) && type !== systemAttachments["dicom-as-json"]) return { status: 403, body: "" };
  const present = await oneAttachment(parts, row, request);
  const expected = expectedRevision(request.headers, revisionOf(present), parts.checkRevisions);
  writtenRevision(await parts.archive.detach(id, type, expected));
  if (isUserNumber(type)) {
    await parts.catalog.recordChange("UpdatedAttachment", { level: row.level, publicId: id }, currentTime());
  }
  return empty();
}

async function allAttachments(
  { catalog }: AttachmentsParts,
  row: LevelRow,
  request: HttpRequest,
): Promise<readonly Attachment[]> {
  const { id = "" } = request.parameters;
  const attachments = await catalog.attachments(id, row.level);
  if (attachments !== undefined) return attachments.toSorted((a, b) => a.type - b.type);
  throw unknownResource(row, id);
}

async function oneAttachment(parts: AttachmentsParts, row: LevelRow, request: HttpRequest): Promise<Attachment> {
  return (await findAttachment(parts, row, request)) ?? noAttachment(row, request);
}

async function findAttachment(
  parts: AttachmentsParts,
  row: LevelRow,
  request: HttpRequest,
): Promise<Attachment | undefined> {
  const type = parts.attachmentTypes.names.numberOf(request.parameters["name"] ?? "");
  return (await allAttachments(parts, row, request)).find((attachment) => attachment.type === type);
}

function noAttachment(row: LevelRow, { parameters: { name = "" } }: HttpRequest): never {
  throw new ServerError("UnknownResource", `The ${row.singular} has no attachment ${name}`);
}

function revisionOf({ revision, uncompressedChecksum }: Attachment): Revision {
  return { revision, checksum: uncompressedChecksum };
}
