/** The composition root: the only place, with the files of `server/`, that names implementations and reads the configuration. */
import { join } from "node:path";
import type { Archive } from "./archive/archive.ts";
import { createArchive } from "./archive/create-archive.ts";
import { createTranscoding } from "./archive/transcode.ts";
import type { IngestFilter } from "./archive/ingest.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { Configuration } from "./config/options.ts";
import { mainDicomTags, type MainDicomTags } from "./dicom/main-dicom-tags.ts";
import { createHttpClient } from "./http/fetch-client.ts";
import { createHttpServer } from "./http/server.ts";
import { createJobsEngine } from "./jobs/engine.ts";
import type { JobsEngine } from "./jobs/job.ts";
import { createCodecPool } from "./pixels/codec-pool.ts";
import { createDicomWebServers } from "./remotes/dicomweb-registry.ts";
import { archiveOptions, ingestTranscoding } from "./server/archive-options.ts";
import { createArchives } from "./server/archives.ts";
import { configuredDicomWebServers } from "./server/dicomweb-options.ts";
import { createLiveEncoding, type LiveEncoding } from "./server/default-encoding.ts";
import { createDerivations } from "./server/derivations.ts";
import { httpClientOptions, httpServerOptions } from "./server/http-options.ts";
import { startPlugins } from "./server/plugins.ts";
import { createDicomNetwork } from "./server/dicom-network.ts";
import { openStore } from "./server/open-store.ts";
import { createPeerRemotes } from "./server/peers.ts";
import { createRemotes } from "./server/remotes.ts";
import { serverRoutes } from "./server/routes.ts";
import { createBlobNames } from "./storage/blob-names.ts";
import type { Logs } from "./util/log.ts";

export interface ServerParts {
  readonly configuration: Configuration;
  /** Folder that relative paths of plugins' options start from. */
  readonly configurationFolder: string;
  readonly logs: Logs;
  /** Absolute paths of the plugins to load besides the built-in ones. */
  readonly pluginModules: readonly string[];
  /** Forget the jobs of the last run. */
  readonly noJobs: boolean;
}

export interface RunningServer {
  /** The port that HTTP listens on; 0 with `HttpServerEnabled` off. */
  readonly httpPort: number;
  /** The port of the DICOM server; 0 with `DicomServerEnabled` off. */
  readonly dicomPort: number;
  /** Finishes what is under way, saves the jobs, closes everything. */
  close(): Promise<void>;
}

/** Starts a server; when something is wrong, what was started already is closed and the reason thrown. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const opened = new AsyncDisposableStack();
  try {
    const ports = await open(parts, opened);
    return { ...ports, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** Seconds that requests of the DICOM network have to finish. */
const dicomClosingTime = 5;

/** Opens each part after those that it needs; they are closed in reverse. */
async function open(parts: ServerParts, opened: AsyncDisposableStack): Promise<Omit<RunningServer, "close">> {
  const { configuration, logs } = parts;
  const log = logs.category("generic");
  const tags = mainDicomTags(configuration.ExtraMainDicomTags);
  const encoding = createLiveEncoding(configuration.DefaultEncoding);

  const stores = await openStores(parts, opened, { tags, encoding });
  const { catalog, storage, archive, codecPool, transcoding, ingestFilters } = stores;
  const http = createHttpClient(await httpClientOptions(configuration), logs.category("http"));
  opened.defer(() => http.close());
  const jobs = await createJobs(parts, catalog);
  const archives = createArchives({ configuration, archive, catalog, transcoding, jobs, log });
  opened.defer(() => archives.close());
  opened.defer(() => jobs.close());
  const dicomWebServers = await createDicomWebServers({
    configured: configuredDicomWebServers(configuration),
    ...(configuration.DicomWeb.ServersInDatabase ? { database: catalog } : {}),
  });
  const defaultCharset = () => encoding.charset();
  const derivations = createDerivations({ ...stores, jobs, configuration, tags, defaultCharset });
  const remotes = createRemotes({ archive, catalog, http, jobs, dicomWebServers, log });
  const peers = await createPeerRemotes({ configuration, archive, catalog, transcoding, http, jobs, log });
  const dicomNetwork = await createDicomNetwork({
    configuration,
    tags,
    archive,
    catalog,
    storage,
    transcoding,
    jobs,
    defaultCharset,
    log: logs.category("dicom"),
  });
  opened.defer(() => dicomNetwork.dicomRemotes.close());
  const plugins = await startPlugins({
    configuration,
    folder: parts.configurationFolder,
    modules: parts.pluginModules,
    http,
    dicomWebServers,
    archive,
    ingestFilters,
    catalog,
    defaultCharset: () => encoding.charset(),
    log: logs.category("plugins"),
  });
  opened.defer(() => plugins.close());
  jobs.start();
  const routes = serverRoutes({
    configuration,
    tags,
    encoding,
    identifier: stores.identifier,
    logs,
    catalog,
    archive,
    archives,
    transcoding,
    codecPool,
    derivations,
    jobs,
    remotes,
    peers,
    ...dicomNetwork,
    plugins,
  });
  plugins.connect(routes);
  const dicom = await dicomNetwork.listen(plugins.worklists);
  opened.defer(async () => dicom?.close(dicomClosingTime));
  const dicomPort = dicom?.port ?? 0;
  if (!configuration.HttpServerEnabled) return { httpPort: 0, dicomPort };

  const server = await createHttpServer(await httpServerOptions(configuration), routes, logs.category("http"));
  opened.defer(() => server.close());
  log.info(`HTTP server listening on port ${server.port}`);
  return { httpPort: server.port, dicomPort };
}

/** What instances are kept in, and what reads them. */
async function openStores(
  { configuration, logs }: ServerParts,
  opened: AsyncDisposableStack,
  { tags, encoding }: { readonly tags: MainDicomTags; readonly encoding: LiveEncoding },
) {
  const log = logs.category("generic");
  const { catalog, identifier, storage, joint } = await openStore({
    catalogFile: join(configuration.IndexDirectory, "greyhaven.db"),
    storageFolder: configuration.StorageDirectory,
    sync: configuration.SyncStorageArea,
    extraMainDicomTags: tags,
    log,
  });
  opened.defer(() => catalog.close());
  const codecPool = createCodecPool({ threads: configuration.TranscoderThreadsCount });
  opened.defer(() => codecPool.close());
  const ingestFilters: IngestFilter[] = [];
  const archive: Archive = await createArchive({
    filters: ingestFilters,
    catalog,
    storage,
    joint,
    log,
    options: { ...archiveOptions(configuration, tags), defaultCharset: () => encoding.charset() },
    ...ingestTranscoding(configuration, codecPool, log),
    newBlobName: createBlobNames(),
  });
  opened.defer(() => archive.close());
  const transcoding = createTranscoding({
    archive,
    pool: codecPool,
    lossyQuality: configuration.DicomLossyTranscodingQuality,
  });
  return { catalog, identifier, storage, archive, codecPool, transcoding, ingestFilters };
}

const jobsProperty = "jobs";

async function createJobs({ configuration, logs, noJobs }: ServerParts, catalog: Catalog): Promise<JobsEngine> {
  const { ConcurrentJobs, JobsHistorySize, SaveJobs } = configuration;
  const saved = SaveJobs && !noJobs ? await catalog.property(jobsProperty) : undefined;
  return createJobsEngine({
    concurrent: ConcurrentJobs,
    historySize: JobsHistorySize,
    ...(SaveJobs ? { save: (text: string) => catalog.setProperty(jobsProperty, text) } : {}),
    saved,
    log: logs.category("jobs"),
  });
}
