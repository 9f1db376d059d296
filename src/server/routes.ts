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
import { dicomWebClientRoutes, dicomWebServerRoutes } from "../dicomweb/routes.ts";
import { wadoUriRoutes } from "../dicomweb/wado-uri.ts";
import type { Route } from "../http/route.ts";
import type { JobsEngine } from "../jobs/job.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import type { DerivationRoutesParts } from "../rest/derivation-parts.ts";
import { homeRoutes } from "../rest/home-routes.ts";
import type { PeersRoutesParts } from "../rest/peers-routes.ts";
import { openApiRoutes } from "../rest/openapi-routes.ts";
import { servedRoutes } from "../rest/served-routes.ts";
import type { AcceptedSopClasses } from "../scp/accepted-sop-classes.ts";
import type { AcceptedTransferSyntaxes } from "../scp/accepted-transfer-syntaxes.ts";
import type { DicomMetrics } from "../scp/dicom-metrics.ts";
import type { Logs } from "../util/log.ts";
import { findOptions } from "./archive-options.ts";
import type { Archives } from "./archives.ts";
import type { LiveEncoding } from "./default-encoding.ts";
import type { DicomRemotes } from "./dicom-remotes.ts";
import { dicomRoutes } from "./dicom-routes.ts";
import { dicomWebOptions } from "./dicomweb-options.ts";
import type { RunningPlugins } from "./plugins.ts";
import type { Remotes } from "./remotes.ts";
import { restRoutes, type Search } from "./rest-routes.ts";
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
  readonly dicomRemotes: DicomRemotes;
  readonly transferSyntaxes: AcceptedTransferSyntaxes;
  readonly sopClasses: AcceptedSopClasses;
  readonly dicomMetrics: DicomMetrics;
  readonly plugins: RunningPlugins;
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
  const search = searchOf(parts);
  const images = imagesOf(parts);
  const routes = [
    ...restRoutes(parts, search, images),
    ...dicomWebRoutes(parts, search, images),
    ...dicomRoutes(parts),
    ...(configuration.OrthancExplorerEnabled ? [...homeRoutes(), ...webInterfaceRoutes()] : []),
    ...plugins.routes,
  ];
  const served = servedRoutes(routes, {
    readOnly: configuration.ReadOnly,
    patientLevelEnabled: configuration.PatientLevelEnabled,
  });
  return [...served, ...openApiRoutes(served, { title: configuration.Name, version: packageJson.version })];
}

function searchOf({ archive, catalog, configuration, logs, tags }: RouteParts): Search {
  return {
    find: { archive, catalog, options: findOptions(configuration, tags) },
    importZip: createZipImport({
      archive,
      log: logs.category("generic"),
      maximumFileSize: configuration.MaximumFileSizeInArchiveMB * megabyte,
    }),
  };
}

function imagesOf({ archive, codecPool }: RouteParts): Images {
  const findFrames = createFindFrames(archive);
  return { findFrames, pictures: createPictures(findFrames, codecPool) };
}

function dicomWebRoutes(
  { archive, catalog, codecPool, configuration, jobs, logs, remotes, transcoding }: RouteParts,
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
