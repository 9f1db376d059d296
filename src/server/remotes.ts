import type { Archive } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { HttpClient } from "../http/client.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import { type Clock, systemClock } from "../remotes/clock.ts";
import { createDicomWebClient, type DicomWebClient } from "../remotes/dicomweb-client.ts";
import type { DicomWebServers } from "../remotes/dicomweb-servers.ts";
import { createJobHeaderStore, type JobHeaderStore } from "../remotes/job-headers.ts";
import { retrieveJob, type RetrieveState } from "../remotes/retrieve-job.ts";
import { stowJob } from "../remotes/stow-job.ts";
import type { StowState } from "../remotes/stow-state.ts";
import type { Log } from "../util/log.ts";
import { readText } from "./read-text.ts";

export interface RemotesParts {
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly http: HttpClient;
  readonly jobs: JobsEngine;
  readonly dicomWebServers: DicomWebServers;
  readonly log: Log;
}

/** What reaches other servers. */
export interface Remotes {
  readonly servers: DicomWebServers;
  readonly client: DicomWebClient;
  readonly headers: JobHeaderStore;
  readonly clock: Clock;
  readonly stow: JobType<StowState>;
  readonly retrieve: JobType<RetrieveState>;
}

/** Makes the DICOMweb client and makes its jobs known to the engine. */
export function createRemotes({ archive, catalog, http, jobs, dicomWebServers: servers, log }: RemotesParts): Remotes {
  const client = createDicomWebClient({ servers, http, readText });
  const headers = createJobHeaderStore();
  const parts = { archive, catalog, client, headers, clock: systemClock, log };
  const stow = stowJob(parts);
  const retrieve = retrieveJob(parts);
  jobs.register(stow);
  jobs.register(retrieve);
  return { servers, client, headers, clock: systemClock, stow, retrieve };
}
