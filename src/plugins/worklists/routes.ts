import { randomUUID } from "node:crypto";
import {
  json,
  readJson,
  ServerError,
  toOrthancJson,
  utcDate,
  type HttpRequest,
  type OrthancJsonFormat,
  type Reply,
  type Route,
  type RouteParameter,
} from "../../plugin-api.ts";
import { worklistFile } from "./new-worklist.ts";
import type { StoredWorklist, WorklistStore } from "./store.ts";

export interface WorklistRoutesParts {
  readonly store: WorklistStore;
  readonly setStudyInstanceUid: boolean;
}

const formatParameter: RouteParameter = {
  name: "format",
  in: "query",
  type: "string",
  summary: "Simplify (default), Short or Full",
};

const tagsParameter: RouteParameter = { name: "Tags", in: "body", type: "object", summary: "The DICOM tags" };

const forceParameter: RouteParameter = {
  name: "Force",
  in: "body",
  type: "boolean",
  summary: "Accept a worklist without modality and date of its first step",
};

/** `/worklists…` */
export function worklistRoutes({ store, setStudyInstanceUid }: WorklistRoutesParts): readonly Route[] {
  const put = async (id: string, request: HttpRequest, forceIfAbsent: boolean): Promise<Reply> => {
    const fields = await readFields(request, forceIfAbsent);
    await store.put(id, worklistFile({ ...fields, setStudyInstanceUid }));
    return json({ ID: id, Path: `/worklists/${id}` });
  };
  return [
    {
      method: "POST",
      path: "/worklists/create",
      tag: "Worklists",
      summary: "Create a worklist",
      parameters: [tagsParameter, { ...forceParameter, summary: `${forceParameter.summary} (default: false)` }],
      writes: true,
      handle: (request) => put(randomUUID(), request, false),
    },
    {
      method: "GET",
      path: "/worklists",
      tag: "Worklists",
      summary: "List the worklists with their tags",
      parameters: [formatParameter],
      async handle({ query }) {
        const format = formatOf(query);
        return json(await Array.fromAsync(store.all(), (worklist) => worklistJson(worklist, format)));
      },
    },
    {
      method: "GET",
      path: "/worklists/{id}",
      tag: "Worklists",
      summary: "Get a worklist",
      parameters: [formatParameter],
      async handle({ parameters, query }) {
        const worklist = await store.get(idOf(parameters));
        if (worklist === undefined) throw unknown(parameters);
        const { ID, Tags } = worklistJson(worklist, formatOf(query));
        return json({ ID, Tags });
      },
    },
    {
      method: "PUT",
      path: "/worklists/{id}",
      tag: "Worklists",
      summary: "Replace a worklist, or create it under this id",
      parameters: [tagsParameter, { ...forceParameter, summary: `${forceParameter.summary} (default: true)` }],
      writes: true,
      handle: (request) => put(idOf(request.parameters), request, true),
    },
    {
      method: "DELETE",
      path: "/worklists/{id}",
      tag: "Worklists",
      summary: "Delete a worklist",
      writes: true,
      async handle({ parameters }) {
        if (!(await store.delete(idOf(parameters)))) throw unknown(parameters);
        return json({});
      },
    },
  ];
}

type Parameters = HttpRequest["parameters"];

function idOf(parameters: Parameters): string {
  return parameters["id"] ?? "";
}

function unknown(parameters: Parameters): ServerError {
  return new ServerError("UnknownResource", `There is no worklist "${idOf(parameters)}"`);
}

const formats: Readonly<Record<string, OrthancJsonFormat>> = { Simplify: "simple", Short: "short", Full: "full" };

function formatOf(query: URLSearchParams): OrthancJsonFormat {
  const name = query.getAll("format").at(-1) ?? "Simplify";
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  throw new ServerError("BadRequest", `The argument "format" must be Simplify, Short or Full, but is "${name}"`);
}

function worklistJson({ id, dataset, createdAt }: StoredWorklist, format: OrthancJsonFormat) {
  return {
    ...(createdAt === undefined ? {} : { CreationDate: utcDate(createdAt) }),
    ID: id,
    Tags: toOrthancJson(dataset, format, { maximumLength: 0 }),
  };
}

async function readFields(
  request: HttpRequest,
  forceIfAbsent: boolean,
): Promise<{ readonly tags: object; readonly force: boolean }> {
  const body = await readJson(request);
  if (!isObject(body)) throw new ServerError("BadFileFormat", "The body must be a JSON object");
  const { Tags: tags, Force: force = forceIfAbsent }: Readonly<Record<string, unknown>> = { ...body };
  if (!isObject(tags)) throw new ServerError("BadFileFormat", 'Field "Tags" must be an object of DICOM tags');
  if (typeof force !== "boolean") throw new ServerError("BadFileFormat", 'Field "Force" must be a Boolean');
  return { tags, force };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
