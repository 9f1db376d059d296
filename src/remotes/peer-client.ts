import type { ClientRequest, ClientResponse } from "../http/client.ts";
import { ServerError } from "../util/errors.ts";
import type { Peer, Peers } from "./peers.ts";
import { remoteFailure } from "./remote-failure.ts";
import { requestUrl, sendToService, type WebServiceClientParts } from "./web-service.ts";

/** A request below the URL of a peer. */
export interface PeerRequest extends Omit<ClientRequest, "url" | "credentials" | "connection"> {
  /** E.g. `instances`. */
  readonly path: string;
}

/** Sends requests to peers, with their URL, headers, passwords, certificates and timeouts. */
export interface PeerClient {
  /** The definition of a peer; throws UnknownResource. */
  peer(name: string): Peer;
  /** An answer of success; throws `RemoteFailure` for another one. */
  send(name: string, request: PeerRequest): Promise<ClientResponse>;
}

export interface PeerClientParts extends WebServiceClientParts {
  readonly peers: Pick<Peers, "get">;
}

/** A client for all peers of the registry. Definitions are read at each request, so that changes are seen at once. */
export function createPeerClient(parts: PeerClientParts): PeerClient {
  const peer = (name: string): Peer => {
    const found = parts.peers.get(name);
    if (found === undefined) throw new ServerError("UnknownResource", `no peer is called "${name}"`);
    return found;
  };
  return {
    peer,
    async send(name, { path, ...request }) {
      const definition = peer(name);
      const response = await sendToService(parts, definition, { ...request, url: requestUrl(definition.url, path) });
      if (response.status === 200) return response;
      throw await remoteFailure(`${request.method} /${path} of the peer "${name}"`, response);
    },
  };
}
