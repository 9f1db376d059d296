import type { ExportLayout, ExportRequest } from "../archive/export/export-zip.ts";
import { findExported } from "../archive/export/plan-export.ts";
import type { Catalog, ResourceReference } from "../catalog/catalog.ts";
import { readJson } from "../http/body.ts";
import { lastValue } from "../http/query.ts";
import type { HttpRequest } from "../http/route.ts";
import { type JobRequest, parseJobRequest } from "../jobs/job-request.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, isObject, readBodyFields } from "./body-fields.ts";
import type { LevelRow } from "./levels.ts";
import { transcodingOfBody, transcodingOfQuery } from "./transcode-request.ts";

/** What a route of archives makes, and what its arguments are when they are not given. */
export interface ArchiveKind {
  readonly kind: ExportLayout["kind"];
  /** `Extended` when it is not given. */
  readonly extended: boolean;
  /** `ZipUseUtf8` */
  readonly utf8: boolean;
}

/** An archive that a client asks for. */
export interface ArchiveRequest {
  readonly archive: ExportRequest;
  /** Name of the download. */
  readonly filename: string;
  /** Undefined: answered at once with the archive. */
  readonly job: JobRequest | undefined;
}

/** What an archive is asked for: the resource of the path, or those that arguments or body name. */
export type Asked = (names: {
  readonly query?: URLSearchParams;
  readonly body?: unknown;
}) => Promise<{ readonly resources: readonly ResourceReference[]; readonly filename: string }>;

/** The one resource `id` of a level. Throws `InexistentItem`, as Orthanc does here. */
export function askedResource(catalog: Pick<Catalog, "levelOf">, row: LevelRow, id: string): Asked {
  return async () => {
    if ((await catalog.levelOf(id)) !== row.level) {
      throw new ServerError("InexistentItem", `There is no ${row.singular} ${id}`);
    }
    return { resources: [{ level: row.level, publicId: id }], filename: `${id}.zip` };
  };
}

/** Several resources: `?resources=a,b`, `{ "Resources": ["a", "b"] }` or `["a", "b"]`. Throws `UnknownResource`, `BadFileFormat`. */
export function askedBatch(catalog: Pick<Catalog, "levelOf">): Asked {
  return async ({ query, body }) => {
    const ids = query === undefined ? resourcesOfBody(body) : resourcesOfQuery(query);
    return { resources: await findExported(catalog, ids), filename: "Archive.zip" };
  };
}

/** Reads the arguments of GET. */
export async function archiveOfQuery(asked: Asked, query: URLSearchParams, kind: ArchiveKind): Promise<ArchiveRequest> {
  const transcode = transcodingOfQuery(query);
  const { resources, filename } = await asked({ query });
  return {
    archive: { resources, layout: layoutOf(kind, kind.utf8, kind.extended || query.has("extended")), transcode },
    filename: lastValue(query, "filename") ?? filename,
    job: undefined,
  };
}

/** Reads the body of POST. Throws `BadFileFormat`. */
export async function archiveOfBody(asked: Asked, request: HttpRequest, kind: ArchiveKind): Promise<ArchiveRequest> {
  const body = await readArchiveJson(request);
  const object = isObject(body) ? body : {};
  const fields = readBodyFields(object, "BadFileFormat");
  const transcode = transcodingOfBody(fields);
  const layout = layoutOf(kind, fields.boolean("Utf8", kind.utf8), fields.boolean("Extended", kind.extended));
  const job = parseJobRequest(object);
  const { resources, filename } = await asked({ body });
  return {
    archive: { resources, layout, transcode },
    filename: fields.string("Filename") ?? filename,
    job: job.synchronous ? undefined : job,
  };
}

async function readArchiveJson(request: HttpRequest): Promise<unknown> {
  const body = await readJson(request).catch((error: unknown) => {
    if (!(error instanceof ServerError) || error.errorName !== "BadJson") throw error;
    throw new ServerError("BadFileFormat", error.details, { cause: error });
  });
  if (isObject(body) || Array.isArray(body)) return body;
  throw new ServerError("BadFileFormat", "The body must be a JSON object or an array of identifiers");
}

function layoutOf({ kind }: ArchiveKind, utf8: boolean, extended: boolean): ExportLayout {
  return kind === "Archive" ? { kind, utf8 } : { kind, extended };
}

function resourcesOfQuery(query: URLSearchParams): readonly string[] {
  const list = lastValue(query, "resources");
  if (list === undefined) throw new ServerError("BadRequest", 'The argument "resources" is missing');
  return list.split(",").filter((id) => id !== "");
}

function resourcesOfBody(body: unknown): readonly string[] {
  const fields: BodyReader = readBodyFields(isObject(body) ? body : { Resources: body }, "BadFileFormat");
  const resources = fields.strings("Resources");
  if (resources === undefined) throw new ServerError("BadFileFormat", 'Field "Resources" is missing');
  return resources;
}
