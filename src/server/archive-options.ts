import type { ArchiveOptions, ArchiveParts } from "../archive/create-archive.ts";
import type { FindOptions } from "../archive/find.ts";
import { createIngestTranscoding } from "../archive/ingest-transcoding.ts";
import type { Warn } from "../archive/tag-warnings.ts";
import type { Configuration } from "../config/options.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import type { Log } from "../util/log.ts";

const megabyte = 1024 * 1024;

/** The part of the configuration that is the archive's. */
export function archiveOptions(configuration: Configuration, tags: MainDicomTags): ArchiveOptions {
  return {
    policy: {
      overwrite: configuration.OverwriteInstances,
      maximumStorageSize: configuration.MaximumStorageSize * megabyte,
      maximumPatientCount: configuration.MaximumPatientCount,
      storageMode: configuration.MaximumStorageMode,
    },
    storeDicom: configuration.StoreDicom,
    storageCompression: configuration.StorageCompression,
    storeMD5: configuration.StoreMD5ForAttachments,
    stableAge: configuration.StableAge,
    mainDicomTags: tags,
    headerCacheSize: configuration.MaximumStorageCacheSize * megabyte,
  };
}

/** The archive's step of `IngestTranscoding`, when it is asked for. Throws `ParameterOutOfRange` for an unknown transfer syntax. */
export function ingestTranscoding(
  configuration: Configuration,
  pool: CodecPool,
  log: Log,
): Pick<ArchiveParts, "ingestTranscoding"> {
  const { IngestTranscoding: transferSyntaxUID, DicomLossyTranscodingQuality: lossyQuality } = configuration;
  if (transferSyntaxUID === "") return {};
  const ofUncompressed = configuration.IngestTranscodingOfUncompressed;
  const ofCompressed = configuration.IngestTranscodingOfCompressed;
  const options = { pool, transferSyntaxUID, ofUncompressed, ofCompressed, lossyQuality, log };
  return { ingestTranscoding: createIngestTranscoding(options) };
}

/** Threads that decode and encode; Orthanc has one limit for all its codecs, and another for those of DCMTK. */
export function codecThreads({
  TranscoderThreadsCount: threads,
  MaximumConcurrentDcmtkTranscoders: most,
}: Pick<Configuration, "TranscoderThreadsCount" | "MaximumConcurrentDcmtkTranscoders">): number {
  return most === 0 ? threads : Math.min(threads, most);
}

/** The part of the configuration that is the search's. */
export function findOptions(configuration: Configuration, tags: MainDicomTags, warn: Warn): FindOptions {
  return {
    warn,
    mainDicomTags: tags,
    storageAccess: configuration.StorageAccessOnFind,
    limitFindResults: configuration.LimitFindResults,
    limitFindInstances: configuration.LimitFindInstances,
  };
}
