import { randomUUID } from "node:crypto";
import type { Catalog, ResourceReference, StorePolicy } from "../catalog/catalog.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { ParseOptions } from "../dicom/parse.ts";
import type { BlobStorage, ReadsInto } from "../storage/storage.ts";
import type { Log } from "../util/log.ts";
import type { Metrics } from "../util/metrics.ts";
import type { Archive } from "./archive.ts";
import { afterRemoval, afterStable, afterStore, type Aftermath } from "./aftermath.ts";
import { attachmentActions } from "./attachments.ts";
import { isIntact, md5Sums } from "./attachment-sums.ts";
import { createAttachmentWriter, type AttachmentWriter } from "./attachment-writer.ts";
import { createBlobRemoval, type BlobRemoval } from "./blob-removal.ts";
import type { ChecksumKind } from "./checksum.ts";
import { systemClock, type Clock } from "./clock.ts";
import { createEvents, type Events } from "./events.ts";
import { createHeaders, type Headers } from "./headers.ts";
import { ingest, type IngestFilter, type IngestParts } from "./ingest.ts";
import type { IngestTranscoding } from "./ingest-transcoding.ts";
import type { JointStore } from "./joint-store.ts";
import { prepareMainTags } from "./main-tags.ts";
import { createMemoryBudget } from "./memory-budget.ts";
import { openAttachment, openStored } from "./read.ts";
import { reconstruct } from "./reconstruct.ts";
import { recover } from "./recovery.ts";
import { createStability, type Stability } from "./stability.ts";
import type { SuspectStorage } from "./sweep.ts";

/** The part of the configuration that is the archive's. */
export interface ArchiveOptions {
  /** `OverwriteInstances`, `MaximumStorageSize` (in bytes), `MaximumPatientCount`, `MaximumStorageMode`. */
  readonly policy: StorePolicy;
  /** `StoreDicom` */
  readonly storeDicom: boolean;
  /** `StorageCompression` */
  readonly storageCompression: boolean;
  /** `StoreMD5ForAttachments` */
  readonly storeMD5: boolean;
  /** `StableAge`, in seconds. */
  readonly stableAge: number;
  /** The default ones and `ExtraMainDicomTags`. */
  readonly mainDicomTags: MainDicomTags;
  /** `DefaultEncoding` at the moment, which may change while the archive is open. */
  readonly defaultCharset?: () => SpecificCharacterSet;
  /** Bytes of memory that headers may take. Default 32 MiB. */
  readonly headerCacheSize?: number;
  /** Bytes that all uploads together may hold in memory. Default 64 MiB. */
  readonly uploadMemory?: number;
}

export interface ArchiveParts {
  readonly catalog: Catalog;
  /** A storage that knows `suspects` is swept after a crash. */
  readonly storage: BlobStorage & Partial<SuspectStorage & ReadsInto>;
  readonly log: Log;
  readonly options: ArchiveOptions;
  /** Stores instances in both at once, where they can do that. */
  readonly joint?: JointStore;
  readonly filters?: readonly IngestFilter[];
  /** Default: instances are stored as they come. */
  readonly ingestTranscoding?: IngestTranscoding;
  readonly clock?: Clock;
  /** Told of the use of the cache of headers; nobody when absent. */
  readonly metrics?: Pick<Metrics, "add" | "gauge">;
  /** Names for new blobs, UUIDs that are never used twice. Default: random ones. */
  readonly newBlobName?: () => string;
}

const defaultHeaderCacheSize = 32 << 20;
const defaultUploadMemory = 64 << 20;

/** The parts that an archive is made of, by what they do. */
interface Workings {
  readonly events: Events;
  readonly removal: BlobRemoval;
  readonly writer: AttachmentWriter;
  readonly headers: Headers;
  readonly stability: Stability;
  readonly ingesting: IngestParts;
}

function assemble({ catalog, storage, log, options, filters = [], ...parts }: ArchiveParts): Workings {
  const { clock = systemClock, newBlobName = randomUUID } = parts;
  const { policy, storeDicom, storageCompression: compress, stableAge } = options;
  const { defaultCharset = () => SpecificCharacterSet.default } = options;
  const { headerCacheSize: cacheSize = defaultHeaderCacheSize, uploadMemory = defaultUploadMemory } = options;
  const mainTags = prepareMainTags(options.mainDicomTags);
  const parsing: ParseOptions = {
    get defaultCharset() {
      return defaultCharset();
    },
  };
  const events = createEvents(log);
  const removal = createBlobRemoval(storage, log);
  const writer = createAttachmentWriter({
    storage,
    removal,
    newBlobName,
    joint: parts.joint,
    compress,
    checksum: checksumFor(options),
  });
  const headers = createHeaders({ catalog, storage, parsing, cacheSize, metrics: parts.metrics });
  const stable = (resource: ResourceReference) => afterStable(events, resource);
  const stability = createStability({ catalog, clock, age: stableAge * 1000, stable, log });
  const after: Aftermath = { events, removal, headers, stability, mainTags };
  const budget = createMemoryBudget(uploadMemory);
  const ingesting: IngestParts = {
    catalog,
    store: parts.joint?.store ?? ((instance, policy) => catalog.storeInstance(instance, policy)),
    writer,
    budget,
    filters,
    mainTags,
    parsing,
    policy,
    storeDicom,
    transcoding: parts.ingestTranscoding,
    clock,
    stored: (candidate, result) => afterStore(after, candidate, result),
  };
  return { events, removal, writer, headers, stability, ingesting };
}

/** Only an MD5 tells that two instances are the same. */
function checksumFor({ storeMD5, policy }: ArchiveOptions): ChecksumKind {
  if (!storeMD5) return "none";
  return policy.overwrite === "IfChanged" ? "MD5" : "CRC-32";
}

/**
 * Opens the archive on a catalog and a storage that belong together. What a crash of the last run left behind is taken up in the
 * background: orphans are swept, resources that were not yet stable wait again.
 */
export async function createArchive(parts: ArchiveParts): Promise<Archive> {
  const { catalog, storage, log, clock = systemClock } = parts;
  const { events, removal, writer, headers, stability, ingesting } = assemble(parts);
  const recovery = await recover({ catalog, storage, clock, log, isUnderWay: (uuid) => writer.isUnderWay(uuid) });
  await stability.resume();
  return {
    ingest: (data, origin, conditions = {}) => ingest(ingesting, data, origin, conditions),
    async remove(publicId, level) {
      const result = await catalog.remove(publicId, level);
      if (result === undefined) return undefined;
      afterRemoval({ events, headers, stability }, result.deleted);
      await removal.remove(result.orphaned);
      return result;
    },
    open: (publicId, type, range) => openAttachment({ catalog, storage }, publicId, type, range),
    openRaw: (publicId, type) => openStored({ catalog, storage }, publicId, type),
    md5: (attachment) => md5Sums(storage, attachment),
    isIntact: (attachment) => isIntact(storage, attachment),
    header: (instance) => headers.header(instance),
    headerOnce: (instance) => headers.headerOnce(instance),
    dataset: (instance) => headers.dataset(instance),
    readValue: (instance, range) => headers.readValue(instance, range),
    ...attachmentActions({ catalog, storage, writer, removal, events, headers }),
    reconstruct: (instance, levels) =>
      reconstruct({ catalog, headers, mainTags: ingesting.mainTags }, instance, levels),
    async setStable(publicId, isStable) {
      const level = await catalog.levelOf(publicId);
      if (level === undefined) return false;
      return isStable ? stability.settle({ level, publicId }) : stability.unsettle({ level, publicId });
    },
    announce: (change, resource) => events.emit({ type: "Change", change, resource }),
    spool: (data, use) => writer.spool(data, use),
    subscribe: (listener) => events.subscribe(listener),
    async close() {
      await stability.close();
      await removal.idle();
      await recovery.close();
    },
  };
}
