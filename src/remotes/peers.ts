import { ServerError } from "../util/errors.ts";
import {
  parseForm,
  publicWebService,
  webServiceForm,
  webServiceOf,
  webServiceShape,
} from "./web-service-definition.ts";
import { createWebServices, type WebServicesParts } from "./web-services-registry.ts";
import type { WebService, WebServices } from "./web-service.ts";

/** Another server with Orthanc's REST API. */
export type Peer = WebService;

/** The peers of this server, by name. */
export type Peers = WebServices<Peer>;

/** `configured`: `OrthancPeers` as written in the configuration; `database` when `OrthancPeersInDatabase`. */
export type PeersParts = Pick<WebServicesParts<Peer>, "configured" | "database">;

/** The peers of the configuration or of the database, and those put later. Throws as `parsePeer`. */
export async function createPeers(parts: PeersParts): Promise<Peers> {
  return await createWebServices({
    ...parts,
    propertyName: "orthanc-peers",
    parse: parsePeer,
    definition: (peer) => ({ ...webServiceForm(peer), ...peer.userProperties }),
  });
}

/**
 * Reads the definition of a peer: `[url]`, `[url, username, password]` or an object, as in `OrthancPeers`; `URL` is a spelling of
 * `Url`. Throws `BadFileFormat` naming the key, and for names that cannot be a part of a path.
 */
export function parsePeer(name: string, definition: unknown): Peer {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw new ServerError("BadFileFormat", `the name of a peer has letters, digits, - and _ only: "${name}"`);
  }
  const what = `peer "${name}"`;
  const shape = webServiceShape;
  return webServiceOf(what, shape, parseForm(what, shape, withUrl(definition)));
}

function withUrl(definition: unknown): unknown {
  if (typeof definition !== "object" || definition === null || !("URL" in definition)) return definition;
  const { URL, ...others } = definition;
  return { Url: URL, ...others };
}

/** What clients may see of a peer. */
export function publicPeer(peer: Peer): Record<string, unknown> {
  return { ...publicWebService(peer), ...peer.userProperties };
}
