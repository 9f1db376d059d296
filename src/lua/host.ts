import type { Archive } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { HttpClient } from "../http/client.ts";
import type { LocalClient } from "../http/local-client.ts";
import { ServerError } from "../util/errors.ts";
import type { HostRequest, LuaData } from "./protocol.ts";

/** What scripts reach of the server. */
export interface HostParts {
  /** All routes of this server. */
  readonly ask: LocalClient;
  /** Those of plugins left out. */
  readonly askBuiltin: LocalClient;
  readonly http: HttpClient;
  readonly catalog: Pick<Catalog, "keyValue" | "setKeyValue" | "deleteKeyValue">;
  readonly archive: Pick<Archive, "setStable">;
  /** The options, as `GetOrthancConfiguration` gives them. */
  readonly configuration: LuaData;
}

/** Bytes of the largest answer that a script is given: it stands in the memory of Lua as a whole. */
const largestAnswer = 512 << 20;

/** Answers one request of a script. Throws what the script, or its log, is told. */
export async function answerHost(parts: HostParts, request: HostRequest): Promise<LuaData> {
  const { archive, catalog } = parts;
  switch (request.kind) {
    case "rest":
      return askRest(parts, request);
    case "http":
      return askHttp(parts.http, request);
    case "configuration":
      return parts.configuration;
    case "set-stable":
      return archive.setStable(request.resource, request.stable);
    case "get-value":
      return catalog.keyValue(request.store, request.key);
    case "set-value":
      await catalog.setKeyValue(request.store, request.key, request.value);
      return undefined;
    case "delete-value":
      await catalog.deleteKeyValue(request.store, request.key);
      return undefined;
    default:
      return request satisfies never;
  }
}

async function askRest(parts: HostParts, request: Extract<HostRequest, { kind: "rest" }>): Promise<LuaData> {
  const { method, uri, body, headers, builtin } = request;
  const client = builtin ? parts.askBuiltin : parts.ask;
  const answer = await client(method, uri, body, headers);
  const bytes = await collected(answer.body);
  if (answer.status >= 400) throw new ServerError("UnknownResource", `${uri} answers ${answer.status}`);
  return bytes;
}

/** False when the server answers with an error. */
async function askHttp(http: HttpClient, request: Extract<HostRequest, { kind: "http" }>): Promise<LuaData> {
  const { method, url, body, headers, credentials, timeout } = request;
  const response = await http.request({
    method,
    url,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(credentials === undefined ? {} : { credentials: { headers: async () => basic(credentials) } }),
    ...(timeout === undefined ? {} : { connection: { timeout } }),
  });
  if (response.status >= 200 && response.status < 300) return response.bytes(largestAnswer);
  await response.discard();
  return false;
}

/** RFC 7617 §2. */
function basic({ username, password }: { readonly username: string; readonly password: string }) {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

async function collected(body: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new ServerError("NotEnoughMemory", `the answer exceeds ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
