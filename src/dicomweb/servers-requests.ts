import { emptyObject, json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { Clock } from "../remotes/clock.ts";
import type { DicomWebClient } from "../remotes/dicomweb-client.ts";
import { deleteRemote } from "../remotes/remote-delete.ts";
import { remoteFailure } from "../remotes/remote-failure.ts";
import { ServerError } from "../util/errors.ts";
import type { ClientResponse } from "../http/client.ts";
import { flatMatches } from "./flat-matches.ts";
import { type JsonBody, readJsonObject, textMapMember, textMember } from "./request-fields.ts";
import { remotePath } from "./remote-path.ts";

export interface ServersRequestsParts {
  readonly root: string;
  readonly client: DicomWebClient;
  readonly clock: Clock;
}

/** Bytes of a search's answer: some 1500 per match. */
const matchesLimit = 64 * 1024 * 1024;

/** Requests that are passed on to a remote DICOMweb server and answered at once. */
export function serversRequestsRoutes(parts: ServersRequestsParts): readonly Route[] {
  const operations = [
    { name: "get", summary: "Pass a GET request on", handle: proxyGet },
    { name: "qido", summary: "Search (QIDO-RS)", handle: search },
    { name: "delete", summary: "Delete a study, a series or an instance, where the server can", handle: remove },
  ];
  return operations.map(({ name, summary, handle }) => ({
    method: "POST",
    path: `${parts.root}servers/{name}/${name}`,
    tag: "DICOMweb client",
    summary,
    handle: async (request) => await handle(parts, request),
  }));
}

/** These concern the connection to the remote server, or would let it speak for ours. */
const droppedHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "keep-alive",
  "set-cookie",
  "strict-transport-security",
  "trailer",
  "transfer-encoding",
  "www-authenticate",
]);

async function proxyGet(parts: ServersRequestsParts, request: HttpRequest): Promise<Reply> {
  const { status, headers, body } = await sendGet(parts, request, await readJsonObject(request), {});
  const type = headers["content-type"];
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !droppedHeaders.has(name))),
    ...(type === undefined ? {} : { type }),
    body,
  };
}

async function search(parts: ServersRequestsParts, request: HttpRequest): Promise<Reply> {
  const accept = { accept: "application/dicom+json" };
  const response = await sendGet(parts, request, await readJsonObject(request), accept);
  const text = await response.text(matchesLimit);
  // 204 and an empty body both stand for no match.
  return json(text.trim() === "" ? [] : flatMatches(text));
}

async function sendGet(
  { client }: ServersRequestsParts,
  request: HttpRequest,
  body: JsonBody,
  headers: Readonly<Record<string, string>>,
): Promise<ClientResponse> {
  const { name = "" } = request.parameters;
  const path = textMember(body, "Uri");
  const response = await client.send(name, {
    method: "GET",
    path,
    queryArguments: textMapMember(body, "Arguments"),
    headers: { ...headers, ...textMapMember(body, "HttpHeaders") },
    signal: request.signal,
  });
  if (response.status < 200 || response.status > 299) {
    throw await remoteFailure(`GET ${path} from "${name}"`, response);
  }
  return response;
}

async function remove({ client, clock }: ServersRequestsParts, request: HttpRequest): Promise<Reply> {
  const { name = "" } = request.parameters;
  if (!client.server(name).hasDelete) {
    throw new ServerError("BadRequest", `the DICOMweb server "${name}" cannot delete: its "HasDelete" is false`);
  }
  const body = await readJsonObject(request);
  const level = textMember(body, "Level").toLowerCase();
  const uids = {
    study: textMember(body, "StudyInstanceUID"),
    ...(level === "study" ? {} : { series: textMember(body, "SeriesInstanceUID") }),
    ...(level === "instance" ? { instance: textMember(body, "SOPInstanceUID") } : {}),
  };
  if (!["study", "series", "instance"].includes(level)) {
    throw new ServerError("BadFileFormat", `"Level": expected Study, Series or Instance, found "${level}"`);
  }
  await deleteRemote({ client, clock }, name, remotePath(uids), request.signal);
  return emptyObject();
}
