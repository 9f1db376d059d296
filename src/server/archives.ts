import type { Archive } from "../archive/archive.ts";
import { exportJob } from "../archive/export/export-job.ts";
import { createKeptArchives } from "../archive/export/kept-archives.ts";
import type { Transcoding } from "../archive/transcode.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import type { JobsEngine } from "../jobs/job.ts";
import type { ArchiveRoutesParts } from "../rest/archive-routes.ts";
import type { Log } from "../util/log.ts";

export interface ArchivesParts {
  readonly configuration: Configuration;
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly transcoding: Transcoding;
  readonly jobs: JobsEngine;
  readonly log: Log;
}

/** What makes ZIP archives of what is stored. */
export interface Archives {
  readonly routes: ArchiveRoutesParts;
  /** Removes the archives that were kept. */
  close(): Promise<void>;
}

/** Makes the jobs of archives known to the engine. */
export function createArchives(parts: ArchivesParts): Archives {
  const { configuration, archive, catalog, transcoding, jobs, log } = parts;
  const zip = { archive, catalog, transcoding, log, filesAhead: filesAhead(configuration) };
  const kept = createKeptArchives(archive, configuration.MediaArchiveSize);
  const exportJobs = { Archive: exportJob({ ...zip, kept }, "Archive"), Media: exportJob({ ...zip, kept }, "Media") };
  jobs.register(exportJobs.Archive);
  jobs.register(exportJobs.Media);
  const { ZipUseUtf8: utf8, SynchronousZipStream: streamed } = configuration;
  return { routes: { catalog, archive, zip, jobs, exportJobs, utf8, streamed }, close: () => kept.close() };
}

/** The newest name of the option that is given, within the window; 0 once meant that nothing is read ahead. */
export function filesAhead(
  options: Pick<
    Configuration,
    "ZipLoaderThreads" | "LoaderThreads" | "SequentialDicomReaderThreadsCount" | "SequentialDicomReaderWindowSize"
  >,
): number {
  const { ZipLoaderThreads, LoaderThreads, SequentialDicomReaderThreadsCount } = options;
  const threads = LoaderThreads ?? ZipLoaderThreads ?? SequentialDicomReaderThreadsCount;
  return Math.max(1, Math.min(threads, options.SequentialDicomReaderWindowSize));
}
