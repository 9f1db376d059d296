import { availableParallelism } from "node:os";
import packageJson from "../../package.json" with { type: "json" };
import type { Archive } from "../archive/archive.ts";
import { derivationJobs } from "../archive/modify/jobs.ts";
import type { Transcoding } from "../archive/transcode.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { JobsEngine } from "../jobs/job.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import type { DerivationRoutesParts } from "../rest/derivation-parts.ts";

export interface DerivationsParts {
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly jobs: JobsEngine;
  readonly transcoding: Transcoding;
  readonly codecPool: CodecPool;
  readonly configuration: Configuration;
  readonly tags: MainDicomTags;
  readonly defaultCharset: () => SpecificCharacterSet;
}

/** Instances that a job deals with at the same time, at least: while one waits for the disk another is read. */
const leastConcurrency = 4;

/** Makes what modifies, anonymises, splits and merges, and makes its jobs known to the engine. */
export function createDerivations(parts: DerivationsParts): DerivationRoutesParts {
  const { archive, catalog, jobs, transcoding, codecPool: codecs, configuration, tags, defaultCharset } = parts;
  const threads = configuration.JobsEngineThreadsCount.ResourceModification;
  const concurrency = Math.max(leastConcurrency, threads === 0 ? availableParallelism() : threads);
  const source = { archive, transcoding, defaultCharset };
  const derivations = derivationJobs({ archive, catalog, transcoding, defaultCharset, concurrency });
  jobs.register(derivations.modification);
  jobs.register(derivations.split);
  jobs.register(derivations.merge);
  return {
    archive,
    catalog,
    jobs,
    derivations,
    source,
    orders: {
      catalog,
      patientTags: tags.Patient,
      overwrites: configuration.OverwriteInstances !== "Never",
      patientLevel: configuration.PatientLevelEnabled,
    },
    modificationDefaults: {
      privateCreator: configuration.DefaultPrivateCreator,
      software: `Greyhaven ${packageJson.version}`,
      codecs,
    },
  };
}
