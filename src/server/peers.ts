import type { ExportedFileParts } from "../archive/export/exported-files.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import type { HttpClient } from "../http/client.ts";
import type { JobsEngine } from "../jobs/job.ts";
import { createPeerClient } from "../remotes/peer-client.ts";
import { peerStoreJob } from "../remotes/peer-store-job.ts";
import { createPeers } from "../remotes/peers.ts";
import type { PeersRoutesParts } from "../rest/peers-routes.ts";
import { readText } from "./read-text.ts";

export interface PeerRemotesParts extends ExportedFileParts {
  readonly configuration: Configuration;
  readonly catalog: Catalog;
  readonly http: HttpClient;
  readonly jobs: JobsEngine;
}

/** Makes what reaches peers, for their routes, and makes its job known to the engine. */
export async function createPeerRemotes(parts: PeerRemotesParts): Promise<PeersRoutesParts> {
  const { configuration, catalog, http, jobs } = parts;
  const peers = await createPeers({
    configured: configuredPeers(configuration),
    ...(configuration.OrthancPeersInDatabase ? { database: catalog } : {}),
  });
  const client = createPeerClient({ peers, http, readText });
  const store = peerStoreJob({ ...parts, peers, client });
  jobs.register(store);
  return { peers, client, catalog, jobs, store, logExports: configuration.LogExportedResources };
}

/** `OrthancPeers` in the form of the REST API: what the server does not know of a definition stands beside the rest. */
function configuredPeers({ OrthancPeers }: Configuration): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(OrthancPeers).map(([name, { UserProperties, ...definition }]) => [
      name,
      { ...UserProperties, ...definition },
    ]),
  );
}
