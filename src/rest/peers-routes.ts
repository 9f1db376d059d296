import type { Catalog } from "../catalog/catalog.ts";
import { readJson } from "../http/body.ts";
import { empty, json, notFound, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { parseJobRequest, runSubmitted } from "../jobs/job-request.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import type { PeerClient, PeerRequest } from "../remotes/peer-client.ts";
import { peerStoreState, type PeerStoreState } from "../remotes/peer-store-state.ts";
import { parsePeer, type Peers, publicPeer } from "../remotes/peers.ts";
import { ServerError } from "../util/errors.ts";
import { readBodyFields } from "./body-fields.ts";
import { readStoreBody, recordExports, resourceIds, sentResources } from "./store-request.ts";
import { transcodingOfBody } from "./transcode-request.ts";

export interface PeersRoutesParts {
  readonly peers: Peers;
  readonly client: PeerClient;
  readonly catalog: Pick<Catalog, "find" | "levelOf" | "recordExport">;
  readonly jobs: JobsEngine;
  readonly store: JobType<PeerStoreState>;
  /** `LogExportedResources` */
  readonly logExports: boolean;
}

const tag = "Networking";
const path = "/peers/{id}";

/** What can be done with a peer: the segments below its path. */
const operations = ["configuration", "store", "store-straight", "system"];

/** The peers, their definitions, and what is sent to them. */
export function peersRoutes(parts: PeersRoutesParts): readonly Route[] {
  const { peers, client } = parts;
  return [
    {
      method: "GET",
      path: "/peers",
      tag,
      summary: "Names of the peers, or their definitions without secrets",
      parameters: [{ name: "expand", in: "query", type: "boolean", summary: "Give the definitions" }],
      handle: (request) => listPeers(peers, request),
    },
    {
      method: "GET",
      path,
      tag,
      summary: "What can be done with a peer",
      handle: ({ parameters: { id = "" } }) => (peers.get(id) === undefined ? notFound() : json(operations)),
    },
    { method: "PUT", path, tag, summary: "Define a peer", handle: (request) => putPeer(peers, request) },
    {
      method: "DELETE",
      path,
      tag,
      summary: "Forget a peer",
      async handle({ parameters: { id = "" } }) {
        if (await peers.delete(id)) return empty();
        throw new ServerError("InexistentItem", `no peer is called "${id}"`);
      },
    },
    {
      method: "GET",
      path: `${path}/configuration`,
      tag,
      summary: "The definition of a peer, without secrets",
      handle: ({ parameters: { id = "" } }) => json(publicPeer(client.peer(id))),
    },
    {
      method: "GET",
      path: `${path}/system`,
      tag,
      summary: "What the peer tells about itself",
      handle: (request) => passOn(client, request, { method: "GET", path: "system" }),
    },
    {
      method: "POST",
      path: `${path}/store`,
      tag,
      summary: "Upload resources to a peer, as a job",
      parameters: [
        { name: "Resources", in: "body", type: "array", summary: "Ids; the body may also be one id, or the array" },
        { name: "Compress", in: "body", type: "boolean", summary: "Send the files in gzip format" },
        { name: "Transcode", in: "body", type: "string", summary: "UID of the transfer syntax to transcode to" },
      ],
      handle: (request) => store(parts, request),
    },
    {
      method: "POST",
      path: `${path}/store-straight`,
      tag,
      summary: "Upload the DICOM file that is the body to a peer, without storing it",
      handle: (request) => storeStraight(client, request),
    },
  ];
}

function listPeers(peers: Peers, { query }: HttpRequest): Reply {
  const names = peers.names();
  if (!query.has("expand")) return json(names);
  const definitions = names.flatMap((name): [string, object][] => {
    const peer = peers.get(name);
    return peer === undefined ? [] : [[name, publicPeer(peer)]];
  });
  return json(Object.fromEntries(definitions));
}

async function putPeer(peers: Peers, request: HttpRequest): Promise<Reply> {
  const { id = "" } = request.parameters;
  await peers.put(id, parsePeer(id, await readJson(request)));
  return empty();
}

async function store(parts: PeersRoutesParts, request: HttpRequest): Promise<Reply> {
  const { id: peer = "" } = request.parameters;
  const body = await readStoreBody(request);
  const fields = readBodyFields(body, "BadFileFormat");
  const ids = resourceIds(fields);
  // Fails at once when the peer is unknown.
  parts.client.peer(peer);
  const job = parseJobRequest(body);
  const state = peerStoreState({
    ...(await sentResources(parts.catalog, ids)),
    peer,
    compress: fields.boolean("Compress", false),
    transcode: transcodingOfBody(fields),
    permissive: job.permissive,
  });
  if (parts.logExports) await recordExports(parts.catalog, peer, state.resources);
  return json(await runSubmitted(parts.jobs, { type: parts.store, state }, job));
}

async function storeStraight(client: PeerClient, request: HttpRequest): Promise<Reply> {
  let isRead = false;
  const body = (): AsyncIterable<Uint8Array> => {
    if (isRead) throw new ServerError("NetworkProtocol", "the peer asked for the body twice");
    isRead = true;
    return request.body;
  };
  const length = Number(request.headers["content-length"]);
  return passOn(client, request, {
    method: "POST",
    path: "instances",
    headers: { "content-type": "application/dicom" },
    body,
    ...(Number.isSafeInteger(length) ? { contentLength: length } : {}),
  });
}

/** Answers with what the peer answers. */
async function passOn(client: PeerClient, request: HttpRequest, asked: PeerRequest): Promise<Reply> {
  const { id = "" } = request.parameters;
  const response = await client.send(id, { ...asked, signal: request.signal });
  return stream(response.headers["content-type"] ?? "application/json", response.body);
}
