import { createArchive } from "../../src/archive/create-archive.ts";
import { type AttributeQuery, type FindOptions, findResources } from "../../src/archive/find.ts";
import type { Archive } from "../../src/archive/archive.ts";
import { createPictures } from "../../src/archive/pictures.ts";
import { createFindFrames } from "../../src/archive/stored-frames.ts";
import { createTranscoding } from "../../src/archive/transcode.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { openSqliteCatalog } from "../../src/catalog/sqlite/open-sqlite-catalog.ts";
import { mainDicomTags } from "../../src/dicom/main-dicom-tags.ts";
import { dicomWebClientRoutes, dicomWebServerRoutes } from "../../src/dicomweb/routes.ts";
import { createMetadataCache } from "../../src/dicomweb/metadata-cache.ts";
import { wadoUriRoutes } from "../../src/dicomweb/wado-uri.ts";
import { createHttpClient } from "../../src/http/fetch-client.ts";
import { createHttpServer, defaultHttpServerOptions } from "../../src/http/server.ts";
import { createJobsEngine } from "../../src/jobs/engine.ts";
import type { JobsEngine } from "../../src/jobs/job.ts";
import { systemClock } from "../../src/remotes/clock.ts";
import { createDicomWebClient } from "../../src/remotes/dicomweb-client.ts";
import { createDicomWebServers } from "../../src/remotes/dicomweb-registry.ts";
import { createJobHeaderStore } from "../../src/remotes/job-headers.ts";
import { retrieveJob } from "../../src/remotes/retrieve-job.ts";
import { stowJob } from "../../src/remotes/stow-job.ts";
import { createCodecPool } from "../../src/pixels/codec-pool.ts";
import { createMemoryStorage } from "../../src/storage/memory.ts";
import { noLog } from "../../src/util/log.ts";
import { createMetrics } from "../../src/util/metrics.ts";
import { defaultDicomWebOptions } from "./default-options.ts";

/** The DICOMweb part of a server, on a port that the system chose, everything in memory. */
export interface PartsServer {
  readonly url: string;
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly jobs: JobsEngine;
  close(): Promise<void>;
}

const options = defaultDicomWebOptions;

const findOptions: FindOptions = {
  mainDicomTags: mainDicomTags(),
  storageAccess: "Always",
  limitFindResults: 0,
  limitFindInstances: 0,
};

/** Starts it; `servers` is `DicomWeb.Servers`, `certificateAuthorities` PEM text of those that are trusted. */
export async function startPartsServer(
  servers: Readonly<Record<string, unknown>> = {},
  certificateAuthorities?: string,
): Promise<PartsServer> {
  const log = noLog;
  const catalog = await openSqliteCatalog({
    file: ":memory:",
    extraMainDicomTags: { Patient: [], Study: [], Series: [], Instance: [] },
  });
  const archive = await createArchive({
    catalog,
    storage: createMemoryStorage(),
    log,
    options: {
      policy: { overwrite: "Never", maximumStorageSize: 0, maximumPatientCount: 0, storageMode: "Recycle" },
      storeDicom: true,
      storageCompression: false,
      storeMD5: true,
      stableAge: 60,
      mainDicomTags: mainDicomTags(),
    },
  });
  const pool = createCodecPool();
  const transcoding = createTranscoding({ archive, pool, lossyQuality: 90 });
  const findFrames = createFindFrames(archive);
  const http = createHttpClient(
    { timeout: 10, verifyPeers: true, certificateAuthorities, proxy: undefined, verbose: false },
    log,
  );
  const jobs = createJobsEngine({ concurrent: 2, historySize: 10, log });
  const registry = await createDicomWebServers({ configured: servers });
  const client = createDicomWebClient({ servers: registry, http, readText: async () => "" });
  const metadataCache = createMetadataCache({
    archive,
    catalog,
    options,
    use: { read: true, write: true, ahead: false },
    settings: () => "",
    log,
  });
  const parts = {
    archive,
    catalog,
    pool,
    lossyQuality: 90,
    transcoding,
    findFrames,
    pictures: createPictures(findFrames, pool),
    client,
    jobs,
    log,
    options,
    metadataCache,
    metrics: createMetrics(),
    root: options.root,
    servers: registry,
    clock: systemClock,
    headers: createJobHeaderStore(),
    find: async (query: AttributeQuery) => await findResources({ archive, catalog, options: findOptions }, query),
  };
  const server = await createHttpServer(
    { ...defaultHttpServerOptions, bindAddresses: ["127.0.0.1"] },
    [
      ...dicomWebServerRoutes(parts),
      ...wadoUriRoutes(parts),
      ...dicomWebClientRoutes({ ...parts, stow: stowJob(parts), retrieve: retrieveJob(parts) }),
    ],
    log,
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
    archive,
    catalog,
    jobs,
    close: async () => {
      await jobs.close();
      await server.close();
      await http.close();
      await archive.close();
      await pool.close();
      await catalog.close();
    },
  };
}
