import type { Archive } from "../archive/archive.ts";
import type { Transcoding } from "../archive/transcode.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import { associate } from "../dimse/open-association.ts";
import type { DicomTls } from "../dimse/tls.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import { createDicomAssociations, type DicomAssociations } from "../remotes/dicom-associations.ts";
import type { DicomRemoteDefaults } from "../remotes/dicom-remote.ts";
import { createModalities } from "../remotes/modalities-registry.ts";
import type { Modalities } from "../remotes/modality.ts";
import { createQueryHistory, type QueryHistory } from "../remotes/query-history.ts";
import { getJob, moveJob } from "../remotes/query-retrieve-job.ts";
import type { RetrieveScuState } from "../remotes/query-retrieve-state.ts";
import {
  createStorageCommitmentReports,
  type StorageCommitmentReports,
} from "../remotes/storage-commitment-reports.ts";
import { storeScuJob } from "../remotes/store-scu-job.ts";
import type { StoreScuState } from "../remotes/store-scu-state.ts";
import type { OpenStoreScu } from "../remotes/store-scu.ts";
import { createStoreScu } from "../remotes/store-scu-session.ts";
import type { BlobStorage, ReadsInto } from "../storage/storage.ts";
import type { Log } from "../util/log.ts";

export interface DicomRemotesParts {
  readonly configuration: Configuration;
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly storage: Pick<BlobStorage, "read"> & Partial<ReadsInto>;
  readonly transcoding: Pick<Transcoding, "transcodedFile" | "transcodeBytes">;
  readonly jobs: JobsEngine;
  readonly tls: DicomTls | undefined;
  /** Storage SOP classes that this server takes. */
  readonly acceptedSopClasses: () => readonly string[];
  /** `DefaultEncoding` at the moment. */
  readonly defaultCharset: () => SpecificCharacterSet;
  /** Whether an instance may be sent to the modality of this title. */
  readonly maySend: (instance: string, aet: string) => Promise<boolean>;
  readonly log: Log;
}

/** What reaches DICOM modalities. */
export interface DicomRemotes {
  readonly modalities: Modalities;
  readonly associations: DicomAssociations;
  readonly defaults: DicomRemoteDefaults;
  readonly openStoreScu: OpenStoreScu;
  readonly queries: QueryHistory;
  readonly reports: StorageCommitmentReports;
  readonly store: JobType<StoreScuState>;
  readonly move: JobType<RetrieveScuState>;
  readonly get: JobType<RetrieveScuState>;
  /** Releases the associations that are kept. */
  close(): Promise<void>;
}

/** Makes the client of the DICOM network and makes its jobs known to the engine. */
export async function createDicomRemotes(parts: DicomRemotesParts): Promise<DicomRemotes> {
  const { configuration, catalog, jobs, tls, log } = parts;
  const modalities = await createModalities({
    configured: configuration.DicomModalities,
    strictAetComparison: configuration.StrictAetComparison,
    ...(configuration.DicomModalitiesInDatabase ? { database: catalog } : {}),
    log,
  });
  const associations = createDicomAssociations({
    associate,
    maximumPduLength: configuration.MaximumPduLength,
    closeDelay: configuration.DicomAssociationCloseDelay,
    tls,
    log,
  });
  const reports = createStorageCommitmentReports(configuration.StorageCommitmentReportsSize);
  const preferredTransferSyntax = configuration.DicomScuPreferredTransferSyntax;
  const openStoreScu = createStoreScu({ ...parts, associations, preferredTransferSyntax });
  const store = storeScuJob({ openStoreScu, commitment: { associations, reports } });
  const retrieving = { ...parts, associations };
  const [move, get] = [moveJob(retrieving), getJob(retrieving)];
  jobs.register(store);
  jobs.register(move);
  jobs.register(get);
  return {
    modalities,
    associations,
    defaults: { aet: configuration.DicomAet, timeout: configuration.DicomScuTimeout },
    openStoreScu,
    queries: createQueryHistory(configuration.QueryRetrieveSize),
    reports,
    store,
    move,
    get,
    close: () => associations.close(),
  };
}
