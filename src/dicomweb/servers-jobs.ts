import type { Catalog } from "../catalog/catalog.ts";
import { json } from "../http/reply.ts";
import type { Reply, Route } from "../http/route.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import { type NewJob, parseJobRequest, runSubmitted } from "../jobs/job-request.ts";
import type { DicomWebClient } from "../remotes/dicomweb-client.ts";
import type { JobHeaderStore } from "../remotes/job-headers.ts";
import { retrieveState, type RetrieveState } from "../remotes/retrieve-job.ts";
import { stowState, type StowState } from "../remotes/stow-state.ts";
import { stowResources } from "../remotes/stow-resources.ts";
import { ServerError } from "../util/errors.ts";
import { remotePath } from "./remote-path.ts";
import {
  arrayMember,
  isJsonObject,
  type JsonBody,
  readJsonObject,
  textMapMember,
  textMember,
} from "./request-fields.ts";

export interface ServersJobsParts {
  readonly root: string;
  readonly catalog: Pick<Catalog, "find" | "levelOf">;
  readonly client: Pick<DicomWebClient, "server">;
  readonly jobs: JobsEngine;
  readonly stow: JobType<StowState>;
  readonly retrieve: JobType<RetrieveState>;
  readonly headers: JobHeaderStore;
}

/** Transfers from and to a remote DICOMweb server, as jobs. */
export function serversJobsRoutes(parts: ServersJobsParts): readonly Route[] {
  const job = ({ name, summary, handle, ...writes }: TransferOperation): Route => ({
    method: "POST",
    path: `${parts.root}servers/{name}/${name}`,
    tag: "DICOMweb client",
    summary,
    ...writes,
    handle: async (request) => {
      const { name: server = "" } = request.parameters;
      // Fails at once when the server is unknown.
      parts.client.server(server);
      return await handle(parts, server, await readJsonObject(request));
    },
  });
  return operations.map(job);
}

interface TransferOperation extends Pick<Route, "writes"> {
  readonly name: string;
  readonly summary: string;
  readonly handle: (parts: ServersJobsParts, server: string, body: JsonBody) => Promise<Reply>;
}

const operations: readonly TransferOperation[] = [
  { name: "stow", summary: "Send resources (STOW-RS)", handle: stow },
  {
    name: "retrieve",
    summary: "Retrieve studies, series and instances by their UIDs (WADO-RS)",
    writes: true,
    handle: retrieve,
  },
  { name: "wado", summary: "Retrieve what is behind a path (WADO-RS)", writes: true, handle: wado },
];

async function stow(parts: ServersJobsParts, server: string, body: JsonBody): Promise<Reply> {
  const ids = arrayMember(body, "Resources").map((id) => {
    if (typeof id !== "string") throw new ServerError("BadFileFormat", '"Resources" must be an array of identifiers');
    return id;
  });
  const headers = parts.headers.keep(textMapMember(body, "HttpHeaders"));
  const state = stowState(server, await stowResources(parts.catalog, ids), headers);
  return await submit(parts, { type: parts.stow, state }, body);
}

async function retrieve(parts: ServersJobsParts, server: string, body: JsonBody): Promise<Reply> {
  const state = retrieveState({
    server,
    paths: arrayMember(body, "Resources").map(retrievedPath),
    queryArguments: textMapMember(body, "GetArguments"),
    headers: parts.headers.keep(textMapMember(body, "HttpHeaders")),
  });
  return await submit(parts, { type: parts.retrieve, state }, body);
}

async function wado(parts: ServersJobsParts, server: string, body: JsonBody): Promise<Reply> {
  const state = retrieveState({
    server,
    paths: [textMember(body, "Uri")],
    queryArguments: textMapMember(body, "Arguments"),
    headers: parts.headers.keep(textMapMember(body, "HttpHeaders")),
  });
  // Alone among the jobs it is asynchronous unless asked otherwise.
  return await submit(parts, { type: parts.retrieve, state }, { Asynchronous: true, ...body });
}

function retrievedPath(resource: unknown): string {
  if (!isJsonObject(resource)) {
    throw new ServerError("BadFileFormat", '"Resources" must be an array of objects with "Study"');
  }
  const series = resource["Series"] === undefined ? {} : { series: textMember(resource, "Series") };
  const instance = resource["Instance"] === undefined ? {} : { instance: textMember(resource, "Instance") };
  if (resource["Series"] === undefined && resource["Instance"] !== undefined) {
    throw new ServerError("BadFileFormat", '"Resources": "Instance" needs "Series"');
  }
  return remotePath({ study: textMember(resource, "Study"), ...series, ...instance });
}

async function submit<State>(parts: ServersJobsParts, job: NewJob<State>, body: JsonBody): Promise<Reply> {
  const request = parseJobRequest(body);
  const answer = await runSubmitted(parts.jobs, job, request);
  // The plugin's path is relative to its own URL.
  return json(request.synchronous ? answer : { ...answer, Path: `../.././jobs/${String(answer["ID"])}` });
}
