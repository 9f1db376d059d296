import type { ClientRequest, ClientResponse, ConnectionOptions, HttpClient, OutgoingBody } from "../http/client.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebServer, DicomWebServers } from "./dicomweb-servers.ts";

export interface DicomWebRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the server's `Url`, e.g. `studies/1.2.3` (a leading slash is ignored), with its own query string or not. */
  readonly path: string;
  /** Added to the query string. */
  readonly queryArguments?: Readonly<Record<string, string>>;
  /** Go before the headers of the server's definition. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: OutgoingBody;
  readonly contentLength?: number;
  readonly signal?: AbortSignal;
}

/** Sends requests to the DICOMweb servers, with their URL, headers, passwords, tokens, certificates and timeouts. */
export interface DicomWebClient {
  /** The definition of a server; throws InexistentItem. */
  server(name: string): DicomWebServer;
  /** Any status resolves; network failures throw as `HttpClient` says. */
  send(server: string, request: DicomWebRequest): Promise<ClientResponse>;
  /** An absolute URL at the same origin (a long-running operation), with the same credentials; BadRequest elsewhere. */
  get(server: string, url: string, signal?: AbortSignal): Promise<ClientResponse>;
}

export interface DicomWebClientParts {
  readonly servers: Pick<DicomWebServers, "get">;
  readonly http: HttpClient;
  /** Reads a small text file (a client certificate, a key) given by a configuration path. */
  readonly readText: (path: string) => Promise<string>;
}

/** A client for all servers of the registry. Definitions are read at each request, so that changes are seen at once. */
export function createDicomWebClient(parts: DicomWebClientParts): DicomWebClient {
  const server = (name: string): DicomWebServer => {
    const found = parts.servers.get(name);
    if (found === undefined) {
      throw new ServerError("InexistentItem", `no DICOMweb server is called "${name}"`);
    }
    return found;
  };
  const send = async (definition: DicomWebServer, request: ClientRequest): Promise<ClientResponse> =>
    await parts.http.request({
      ...request,
      headers: mergeHeaders(definition.httpHeaders, basicCredentials(definition), request.headers ?? {}),
      ...(definition.credentials === undefined ? {} : { credentials: definition.credentials }),
      connection: await connectionOptions(definition, parts.readText),
    });

  return {
    server,
    send: async (name, { path, queryArguments, ...request }) => {
      const definition = server(name);
      return await send(definition, { ...request, url: requestUrl(definition.url, path, queryArguments) });
    },
    get: async (name, url, signal) => {
      const definition = server(name);
      if (new URL(url).origin !== new URL(definition.url).origin) {
        throw new ServerError("BadRequest", `${url} is not at the DICOMweb server "${name}"`);
      }
      return await send(definition, { method: "GET", url, ...(signal === undefined ? {} : { signal }) });
    },
  };
}

/**
 * `path` below `base`, with `queryArguments` added to its query string.
 * @throws ServerError BadRequest when the path leads out of the base: credentials go nowhere else
 */
export function requestUrl(base: string, path: string, queryArguments: Readonly<Record<string, string>> = {}): string {
  const url = URL.canParse(base + path.replace(/^\/+/, "")) ? new URL(base + path.replace(/^\/+/, "")) : undefined;
  if (url === undefined || !url.href.startsWith(new URL(base).href)) {
    throw new ServerError("BadRequest", `"${path}" does not lead below the URL of the DICOMweb server`);
  }
  for (const [name, value] of Object.entries(queryArguments)) {
    url.searchParams.append(name, value);
  }
  return url.href;
}

/** Later ones win, whatever the case of their names. */
function mergeHeaders(...sources: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged = sources.flatMap((source) =>
    Object.entries(source).map(([name, value]): [string, string] => [name.toLowerCase(), value]),
  );
  return Object.fromEntries(merged);
}

function basicCredentials(server: DicomWebServer): Record<string, string> {
  if (server.username === undefined) {
    return {};
  }
  const pair = Buffer.from(`${server.username}:${server.password ?? ""}`, "utf8").toString("base64");
  return { authorization: `Basic ${pair}` };
}

async function connectionOptions(
  server: DicomWebServer,
  readText: (path: string) => Promise<string>,
): Promise<ConnectionOptions> {
  const timeout = server.timeout > 0 ? { timeout: server.timeout } : {};
  if (server.certificateFile === undefined) {
    return timeout;
  }
  const certificate = await readText(server.certificateFile);
  // A certificate file may hold its own key, as curl allows.
  const key = server.certificateKeyFile === undefined ? certificate : await readText(server.certificateKeyFile);
  const passphrase = server.certificateKeyPassword === undefined ? {} : { passphrase: server.certificateKeyPassword };
  return { ...timeout, clientCertificate: { certificate, key, ...passphrase } };
}
