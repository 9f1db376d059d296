/** The composition root: the only place, with the files of `server/`, that names implementations and reads the configuration. */
import { join } from "node:path";
import type { Archive } from "./archive/archive.ts";
import { createArchive } from "./archive/create-archive.ts";
import { createTranscoding } from "./archive/transcode.ts";
import type { IngestFilter } from "./archive/ingest.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { Configuration } from "./config/options.ts";
import type { MainDicomTags } from "./dicom/main-dicom-tags.ts";
import { createHttpClient } from "./http/fetch-client.ts";
import type { Route } from "./http/route.ts";
import { createHttpServer } from "./http/server.ts";
import { createJobsEngine } from "./jobs/engine.ts";
import type { JobsEngine } from "./jobs/job.ts";
import type { Lua } from "./lua/lua.ts";
import { createCodecPool } from "./pixels/codec-pool.ts";
import { createDicomWebServers } from "./remotes/dicomweb-registry.ts";
import { archiveOptions, codecThreads, ingestTranscoding } from "./server/archive-options.ts";
import { createArchives } from "./server/archives.ts";
import { configuredDicomWebServers } from "./server/dicomweb-options.ts";
import { createLiveEncoding, type LiveEncoding } from "./server/default-encoding.ts";
import { createDerivations } from "./server/derivations.ts";
import { httpClientOptions, httpServerOptions } from "./server/http-options.ts";
import { countedLogs, measuredArchive, measuredJointStore, measuredStorage } from "./server/measured.ts";
import { serverMetadataCache } from "./server/metadata-cache.ts";
import { startPlugins } from "./server/plugins.ts";
import { createDicomNetwork, type DicomNetwork } from "./server/dicom-network.ts";
import { createLuaSequences, createServerLua, dicomFilters, type LuaStartParts, startLua } from "./server/lua.ts";
import { readDictionaries } from "./server/own-dictionary.ts";
import { openStore } from "./server/open-store.ts";
import { createPeerRemotes, type PeerRemotesParts } from "./server/peers.ts";
import { createRemotes, type RemotesParts } from "./server/remotes.ts";
import { serverRoutes } from "./server/routes.ts";
import { createBlobNames } from "./storage/blob-names.ts";
import type { Logs } from "./util/log.ts";
import { createMetrics, type Metrics } from "./util/metrics.ts";

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
  /** What it answers. */
  readonly routes: readonly Route[];
  /** Finishes what is under way, saves the jobs, closes everything. */
  close(): Promise<void>;
}

/** Starts a server; when something is wrong, what was started already is closed and the reason thrown. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const opened = new AsyncDisposableStack();
  try {
    const metrics = createMetrics();
    const server = await open({ ...parts, logs: countedLogs(parts.logs, metrics) }, opened, metrics);
    return { ...server, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** Seconds that requests of the DICOM network have to finish. */
const dicomClosingTime = 5;

/** Opens each part after those that it needs; they are closed in reverse. */
async function open(
  parts: ServerParts,
  opened: AsyncDisposableStack,
  metrics: Metrics,
): Promise<Omit<RunningServer, "close">> {
  const { configuration, logs } = parts;
  const log = logs.category("generic");
  const tags = await readDictionaries(configuration, parts.configurationFolder);
  const encoding = createLiveEncoding(configuration.DefaultEncoding);

  const stores = await openStores(parts, opened, { tags, encoding, metrics });
  const { catalog, archive, transcoding } = stores;
  const http = createHttpClient(await httpClientOptions(configuration), logs.category("http"));
  opened.defer(() => http.close());
  const defaultCharset = () => encoding.charset();
  const modalities = () => dicomNetwork.dicomRemotes.modalities;
  const lua = createServerLua(configuration, { defaultCharset, modalities, log: logs.category("lua") });
  const jobs = await createJobs(parts, catalog, lua);
  const archives = createArchives({ configuration, archive, catalog, transcoding, jobs, log });
  opened.defer(() => archives.close());
  opened.defer(() => jobs.close());
  const { dicomWebServers, remotes, peers } = await openRemotes(parts, { ...stores, http, jobs });
  const derivations = createDerivations({ ...stores, jobs, configuration, tags, defaultCharset });
  const pluginsLog = logs.category("plugins");
  const metadataCache = serverMetadataCache({ configuration, archive, catalog, encoding, log: pluginsLog });
  opened.defer(() => metadataCache.close());
  const dicomNetwork = await createDicomNetwork({
    ...stores,
    configuration,
    tags,
    jobs,
    defaultCharset,
    metrics,
    ...dicomFilters(lua, archive),
    log: logs.category("dicom"),
  });
  opened.defer(() => dicomNetwork.dicomRemotes.close());
  const plugins = await startPlugins({
    ...stores,
    configuration,
    folder: parts.configurationFolder,
    modules: parts.pluginModules,
    http,
    dicomWebServers,
    defaultCharset,
    log: pluginsLog,
  });
  opened.defer(() => plugins.close());
  const luaLog = logs.category("lua");
  const sequences = createLuaSequences({ ...stores, ...dicomNetwork, configuration, peers, jobs, log: luaLog });
  jobs.start();
  const routes = serverRoutes({
    ...stores,
    configuration,
    tags,
    encoding,
    logs,
    archives,
    derivations,
    jobs,
    remotes,
    peers,
    metadataCache,
    metrics,
    ...dicomNetwork,
    plugins,
    lua,
  });
  plugins.connect(routes);
  const running = {
    ...stores,
    http,
    lua,
    sequences,
    routes,
    pluginRoutes: plugins.routes,
    listenToDicom: () => dicomNetwork.listen(plugins.worklists),
    metrics,
  };
  return { ...(await listen(parts, opened, running)), routes };
}

interface ListeningParts extends Pick<LuaStartParts, "archive" | "catalog" | "http" | "ingestFilters" | "sequences"> {
  readonly lua: Lua;
  readonly routes: readonly Route[];
  readonly pluginRoutes: readonly Route[];
  readonly listenToDicom: () => ReturnType<DicomNetwork["listen"]>;
  readonly metrics: Metrics;
}

/** Runs the scripts of the configuration, then lets clients in. */
async function listen(
  { configuration, configurationFolder: folder, logs }: ServerParts,
  opened: AsyncDisposableStack,
  running: ListeningParts,
): Promise<Pick<RunningServer, "httpPort" | "dicomPort">> {
  const { lua, routes, metrics } = running;
  opened.defer(() => lua.close());
  await startLua(lua, { ...running, configuration, folder, log: logs.category("lua") });
  const dicom = await running.listenToDicom();
  opened.defer(async () => dicom?.close(dicomClosingTime));
  let httpPort = 0;
  if (configuration.HttpServerEnabled) {
    const options = { ...(await httpServerOptions(configuration)), before: [lua.filters.http], metrics };
    const server = await createHttpServer(options, routes, logs.category("http"));
    opened.defer(() => server.close());
    httpPort = server.port;
    logs.category("generic").info(`HTTP server listening on port ${httpPort}`);
  }
  lua.initialize();
  return { httpPort, dicomPort: dicom?.port ?? 0 };
}

/** What reaches other servers by HTTP. */
async function openRemotes(
  { configuration, logs }: ServerParts,
  parts: Omit<RemotesParts, "dicomWebServers" | "log"> & Pick<PeerRemotesParts, "transcoding">,
) {
  const log = logs.category("generic");
  const dicomWebServers = await createDicomWebServers({
    configured: configuredDicomWebServers(configuration),
    ...(configuration.DicomWeb.ServersInDatabase ? { database: parts.catalog } : {}),
  });
  const remotes = createRemotes({ ...parts, dicomWebServers, log });
  return { dicomWebServers, remotes, peers: await createPeerRemotes({ ...parts, configuration, log }) };
}

interface StoreSettings {
  readonly tags: MainDicomTags;
  readonly encoding: LiveEncoding;
  readonly metrics: Metrics;
}

/** What instances are kept in, and what reads them. */
async function openStores(
  { configuration, logs }: ServerParts,
  opened: AsyncDisposableStack,
  { tags, encoding, metrics }: StoreSettings,
) {
  const log = logs.category("generic");
  const { catalog, identifier, ...store } = await openStore({
    catalogFile: join(configuration.IndexDirectory, "greyhaven.db"),
    storageFolder: configuration.StorageDirectory,
    sync: configuration.SyncStorageArea,
    extraMainDicomTags: tags,
    log,
  });
  opened.defer(() => catalog.close());
  const storage = measuredStorage(store.storage, metrics);
  const codecPool = createCodecPool({ threads: codecThreads(configuration) });
  metrics.gauge("orthanc_transcoder_available_threads", () => codecPool.available);
  opened.defer(() => codecPool.close());
  const ingestFilters: IngestFilter[] = [];
  const unmeasured: Archive = await createArchive({
    filters: ingestFilters,
    catalog,
    storage,
    joint: measuredJointStore(store.joint, metrics),
    log,
    options: { ...archiveOptions(configuration, tags), defaultCharset: () => encoding.charset() },
    ...ingestTranscoding(configuration, codecPool, log),
    newBlobName: createBlobNames(),
    metrics,
  });
  opened.defer(() => unmeasured.close());
  const archive = measuredArchive(unmeasured, metrics);
  const transcoding = createTranscoding({
    archive,
    pool: codecPool,
    lossyQuality: configuration.DicomLossyTranscodingQuality,
  });
  return { catalog, identifier, storage, archive, codecPool, transcoding, ingestFilters };
}

const jobsProperty = "jobs";

async function createJobs(
  { configuration, logs, noJobs }: ServerParts,
  catalog: Catalog,
  lua: Lua,
): Promise<JobsEngine> {
  const { ConcurrentJobs, JobsHistorySize, SaveJobs } = configuration;
  const saved = SaveJobs && !noJobs ? await catalog.property(jobsProperty) : undefined;
  return createJobsEngine({
    concurrent: ConcurrentJobs,
    historySize: JobsHistorySize,
    ...(SaveJobs ? { save: (text: string) => catalog.setProperty(jobsProperty, text) } : {}),
    saved,
    observe: (what, id) => lua.jobEvent(what, id),
    log: logs.category("jobs"),
  });
}
