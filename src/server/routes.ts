import packageJson from "../../package.json" with { type: "json" };
import type { Archive } from "../archive/archive.ts";
import { type AttributeQuery, findResources } from "../archive/find.ts";
import { createPictures, type Pictures } from "../archive/pictures.ts";
import { createFindFrames, type FindFrames } from "../archive/stored-frames.ts";
import type { Transcoding } from "../archive/transcode.ts";
import { createZipImport } from "../archive/zip-import.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import { normalizedRoot } from "../dicomweb/options.ts";
import { dicomWebClientRoutes, dicomWebServerRoutes } from "../dicomweb/routes.ts";
import { wadoUriRoutes } from "../dicomweb/wado-uri.ts";
import type { MetadataCache } from "../dicomweb/metadata-cache.ts";
import type { Route } from "../http/route.ts";
import type { JobsEngine } from "../jobs/job.ts";
import type { Lua } from "../lua/lua.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import type { DerivationRoutesParts } from "../rest/derivation-parts.ts";
import { homeRoutes } from "../rest/home-routes.ts";
import type { PeersRoutesParts } from "../rest/peers-routes.ts";
import { openApiRoutes } from "../rest/openapi-routes.ts";
import { servedRoutes } from "../rest/served-routes.ts";
import type { AcceptedSopClasses } from "../scp/accepted-sop-classes.ts";
import type { AcceptedTransferSyntaxes } from "../scp/accepted-transfer-syntaxes.ts";
import type { Logs } from "../util/log.ts";
import type { Metrics } from "../util/metrics.ts";
import { findOptions } from "./archive-options.ts";
import type { Archives } from "./archives.ts";
import type { LiveEncoding } from "./default-encoding.ts";
import type { DicomRemotes } from "./dicom-remotes.ts";
import { dicomRoutes } from "./dicom-routes.ts";
import { dicomWebOptions } from "./dicomweb-options.ts";
import { formerPagesRoutes } from "./former-pages.ts";
import type { RunningPlugins } from "./plugins.ts";
import type { Remotes } from "./remotes.ts";
import { restRoutes, type Search } from "./rest-routes.ts";
import { createWarn, type ServerWarn, warnOfFailures } from "./warnings.ts";
import { webInterfaceRoutes } from "./web-interface.ts";

/** Everything that routes reach. */
export interface RouteParts {
  readonly configuration: Configuration;
  readonly tags: MainDicomTags;
  readonly encoding: LiveEncoding;
  readonly identifier: string;
  readonly logs: Logs;
  readonly catalog: Catalog;
  readonly archive: Archive;
  readonly archives: Archives;
  readonly transcoding: Transcoding;
  readonly codecPool: CodecPool;
  readonly derivations: DerivationRoutesParts;
  readonly jobs: JobsEngine;
  readonly remotes: Remotes;
  readonly peers: PeersRoutesParts;
  readonly metadataCache: MetadataCache;
  readonly dicomRemotes: DicomRemotes;
  readonly transferSyntaxes: AcceptedTransferSyntaxes;
  readonly sopClasses: AcceptedSopClasses;
  readonly metrics: Metrics;
  readonly plugins: RunningPlugins;
  readonly lua: Lua;
}

/** What routes of images reach. */
export interface Images {
  readonly findFrames: FindFrames;
  readonly pictures: Pictures;
}

const megabyte = 1024 * 1024;

/** All routes of the server. */
export function serverRoutes(parts: RouteParts): readonly Route[] {
  const { configuration, plugins } = parts;
  const warn = createWarn(configuration, parts.logs.category("generic"));
  const search = searchOf(parts, warn);
  const images = imagesOf(parts, warn);
  const routes = [
    ...restRoutes(parts, search, images),
    ...dicomWebRoutes(parts, search, images),
    ...dicomRoutes(parts),
    ...(configuration.OrthancExplorerEnabled ? pageRoutes(configuration) : []),
    ...parts.lua.routes,
    ...plugins.routes,
  ];
  const served = servedRoutes(routes, {
    readOnly: configuration.ReadOnly,
    patientLevelEnabled: configuration.PatientLevelEnabled,
  });
  return [...served, ...openApiRoutes(served, { title: configuration.Name, version: packageJson.version })];
}

/** The web interface, and the addresses that lead to it. */
function pageRoutes({ DicomWeb, OrthancExplorer2 }: Configuration): readonly Route[] {
  return [
    ...homeRoutes(),
    ...webInterfaceRoutes(),
    ...formerPagesRoutes({
      explorer2: OrthancExplorer2.Enable ? normalizedRoot(OrthancExplorer2.Root) : undefined,
      dicomWeb: DicomWeb.Enable ? normalizedRoot(DicomWeb.Root) : undefined,
    }),
  ];
}

function searchOf({ archive, catalog, configuration, logs, tags }: RouteParts, warn: ServerWarn): Search {
  return {
    find: { archive, catalog, options: findOptions(configuration, tags, warn) },
    importZip: createZipImport({
      archive,
      log: logs.category("generic"),
      maximumFileSize: configuration.MaximumFileSizeInArchiveMB * megabyte,
    }),
  };
}

function imagesOf({ archive, codecPool }: RouteParts, warn: ServerWarn): Images {
  const findFrames = createFindFrames(archive);
  return { findFrames, pictures: createPictures(findFrames, warnOfFailures(codecPool, warn)) };
}

function dicomWebRoutes(
  { archive, catalog, codecPool, configuration, jobs, logs, metadataCache, remotes, transcoding, metrics }: RouteParts,
  search: Search,
  images: Images,
): readonly Route[] {
  const section = configuration.DicomWeb;
  if (!section.Enable) return [];
  const options = dicomWebOptions(configuration);
  const parts = {
    archive,
    catalog,
    transcoding,
    pool: codecPool,
    lossyQuality: configuration.DicomLossyTranscodingQuality,
    jobs,
    options,
    root: options.root,
    metadataCache,
    metrics,
    find: (query: AttributeQuery) => findResources(search.find, query),
    log: logs.category("plugins"),
    ...images,
    ...remotes,
  };
  return [
    ...dicomWebServerRoutes(parts),
    ...dicomWebClientRoutes(parts),
    ...(section.EnableWado ? wadoUriRoutes(parts) : []),
  ];
}
