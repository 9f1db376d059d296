import type { ClientRequest, ClientResponse, OutgoingBody } from "../http/client.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebServer, DicomWebServers } from "./dicomweb-servers.ts";
import { requestUrl, sendToService, type WebServiceClientParts } from "./web-service.ts";

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

export interface DicomWebClientParts extends WebServiceClientParts {
  readonly servers: Pick<DicomWebServers, "get">;
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
  const send = async (definition: DicomWebServer, request: ClientRequest): Promise<ClientResponse> => {
    const { credentials } = definition;
    return await sendToService(parts, definition, {
      ...request,
      ...(credentials === undefined ? {} : { credentials }),
    });
  };

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
