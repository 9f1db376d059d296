import type { ContentType } from "../storage/storage.ts";
import type { Tag } from "../dicom/tag.ts";
import type { TextMatch } from "../util/text-match.ts";

/** The four levels of the hierarchy, as Orthanc prints them. */
export const levels = ["Patient", "Study", "Series", "Instance"] as const;
export type Level = (typeof levels)[number];

/** Values of DICOM tags as decoded text (multiple values joined by `\`), keyed as the DICOM JSON model spells tags: `00100010`. */
export type TagValues = Readonly<Record<string, string>>;

/** Metadata by Orthanc's number (1 IndexInSeries, 2 ReceptionDate, …; users' from 1024). */
export type Metadata = Readonly<Record<number, string>>;

/** One stored file of a resource. Sizes in bytes. */
export interface Attachment {
  readonly type: ContentType;
  readonly uuid: string;
  readonly customData?: string;
  readonly uncompressedSize: number;
  readonly compressedSize: number;
  /** Lower-case hexadecimal: 32 digits of an MD5 or 8 of a CRC-32; empty when `StoreMD5ForAttachments` is off. */
  readonly uncompressedChecksum: string;
  readonly compressedChecksum: string;
  /** 1 none, 2 zlib with size prefix. */
  readonly compression: 1 | 2;
  readonly revision: number;
}

export type NewAttachment = Omit<Attachment, "revision">;

/** A DICOM instance ready to be indexed. */
export interface NewInstance {
  /** Orthanc's identifiers (SHA-1) of the instance and its ancestors. */
  readonly identifiers: Readonly<Record<Level, string>>;
  /** Main DICOM tags for each level. */
  readonly mainDicomTags: Readonly<Record<Level, TagValues>>;
  /** Metadata of the instance, and those set on its ancestors when they are created. */
  readonly metadata: Readonly<Record<Level, Metadata>>;
  readonly attachments: readonly NewAttachment[];
  /** `YYYYMMDDTHHMMSS`, UTC: LastUpdate of the ancestors, date of the changes. */
  readonly receivedAt: string;
}

export interface StorePolicy {
  readonly overwrite: "Never" | "Always" | "IfChanged";
  /** Bytes of compressed attachments; 0: no limit. */
  readonly maximumStorageSize: number;
  /** 0: no limit. */
  readonly maximumPatientCount: number;
  readonly storageMode: "Recycle" | "Reject";
}

export type StoreResult =
  | {
      readonly status: "Success";
      /** Levels that did not exist before. */
      readonly created: readonly Level[];
      /** Blobs that lost their row (overwritten or recycled) and must be removed from the storage. */
      readonly orphaned: readonly Attachment[];
      /** Resources that went away by overwriting or recycling. */
      readonly deleted: readonly ResourceReference[];
    }
  | { readonly status: "AlreadyStored" }
  | { readonly status: "StorageFull" };

export interface ResourceReference {
  readonly level: Level;
  readonly publicId: string;
}

export interface RemoveResult {
  /** Everything that went away, the resource itself and its emptied ancestors included. */
  readonly deleted: readonly ResourceReference[];
  readonly orphaned: readonly Attachment[];
  /** The highest surviving ancestor; null when none. */
  readonly remainingAncestor: ResourceReference | null;
}

/** One condition on a main DICOM tag. `tag` may be of the level asked, of a level above, or (study level) of its series. */
export type TagConstraint = { readonly tag: Tag; readonly caseSensitive: boolean } & TagMatch;
export type TagMatch = TextMatch;

export interface OrderBy {
  readonly key: { readonly tag: Tag } | { readonly metadata: number };
  readonly as: "text" | "integer" | "float";
  readonly descending: boolean;
}

export interface FindRequest {
  readonly level: Level;
  /** Only these resources of the level. */
  readonly publicIds?: readonly string[];
  /** Only descendants (or, for a lower resource, ancestors) of this one. */
  readonly relatedTo?: ResourceReference;
  readonly constraints?: readonly TagConstraint[];
  readonly metadata?: readonly { readonly metadata: number; readonly match: TagMatch }[];
  readonly labels?: { readonly labels: readonly string[]; readonly constraint: "All" | "Any" | "None" };
  readonly orderBy?: readonly OrderBy[];
  readonly since?: number;
  /** 0 or absent: all. */
  readonly limit?: number;
  readonly include: FindInclude;
}

/** Parts of the answer; each costs something, so each is asked for. `publicId` and `level` are always there. */
export interface FindInclude {
  /** Main DICOM tags of these levels (the level asked or above). */
  readonly mainDicomTags?: readonly Level[];
  /** Of a level the only tags that are needed: others may be left out. A level that is absent: all. */
  readonly neededTags?: Readonly<Partial<Record<Level, readonly Tag[]>>>;
  /** Public ids of all ancestors. */
  readonly ancestors?: boolean;
  /** Public ids of the direct children, sorted. */
  readonly children?: boolean;
  readonly metadata?: boolean;
  readonly attachments?: boolean;
  readonly labels?: boolean;
  /** IsStable, IsProtected, LastUpdate. */
  readonly status?: boolean;
  /** Numbers of descendants. */
  readonly counts?: boolean;
  /** Distinct Modality of the series (study level). */
  readonly modalitiesInStudy?: boolean;
  /** Distinct SOP classes of the instances (study level and below). */
  readonly sopClasses?: boolean;
  /** Metadata 1 (IndexInSeries) of each instance (series level): what `Status` is derived from. */
  readonly indexesInSeries?: boolean;
  /** Public id of one instance below. */
  readonly oneInstance?: boolean;
}

export interface FoundResource {
  readonly level: Level;
  readonly publicId: string;
  readonly mainDicomTags?: Readonly<Partial<Record<Level, TagValues>>>;
  readonly ancestors?: Readonly<Partial<Record<Level, string>>>;
  readonly children?: readonly string[];
  readonly metadata?: Metadata;
  readonly attachments?: readonly Attachment[];
  readonly labels?: readonly string[];
  readonly status?: { readonly isStable: boolean; readonly isProtected: boolean; readonly lastUpdate: string };
  readonly counts?: { readonly studies: number; readonly series: number; readonly instances: number };
  readonly modalitiesInStudy?: readonly string[];
  readonly sopClasses?: readonly string[];
  readonly indexesInSeries?: readonly (string | null)[];
  readonly oneInstance?: string;
}

/** Orthanc's kinds of changes that are logged, with their numbers. */
export const changeTypes = {
  CompletedSeries: 1,
  NewInstance: 2,
  NewPatient: 3,
  NewSeries: 4,
  NewStudy: 5,
  AnonymizedStudy: 6,
  AnonymizedSeries: 7,
  ModifiedStudy: 8,
  ModifiedSeries: 9,
  AnonymizedPatient: 10,
  ModifiedPatient: 11,
  StablePatient: 12,
  StableStudy: 13,
  StableSeries: 14,
  UpdatedAttachment: 15,
  UpdatedMetadata: 16,
} as const;
export type ChangeType = keyof typeof changeTypes;

export interface Change {
  readonly seq: number;
  readonly type: ChangeType;
  readonly level: Level;
  readonly publicId: string;
  /** `YYYYMMDDTHHMMSS`, UTC. */
  readonly date: string;
}

export interface ChangesRequest {
  /** Exclusive; absent with `to`: reverse browsing. */
  readonly since?: number;
  /** Inclusive. */
  readonly to?: number;
  readonly limit: number;
  readonly types?: readonly ChangeType[];
}

export interface ChangesPage {
  readonly changes: readonly Change[];
  readonly done: boolean;
  readonly last: number;
}

export interface Statistics {
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
}

/** Sizes and counts below one resource; `dicom…` count attachments of type 1 only. */
export interface ResourceStatistics extends Statistics {
  readonly dicomCompressedSize: number;
  readonly dicomUncompressedSize: number;
}

export interface ExportedResource {
  readonly seq: number;
  readonly level: Level;
  readonly publicId: string;
  readonly remoteModality: string;
  readonly date: string;
  readonly PatientID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** What the catalog has of a resource that comes from its files. */
export interface ReconstructedResource extends ResourceReference {
  readonly mainDicomTags: TagValues;
  /** Null removes. */
  readonly metadata: Readonly<Record<number, string | null>>;
}

export type RevisionCheck =
  | { readonly status: "Success"; readonly revision: number; readonly replaced?: Attachment }
  | { readonly status: "UnknownResource" }
  /** The revision given is not the present one (or is missing though required). */
  | { readonly status: "Revision"; readonly revision: number };

/**
 * The index of everything that is stored. Each method is one transaction; reading never waits for writing.
 * `storeInstance` calls that wait at the same time are committed together.
 */
export interface Catalog {
  storeInstance(instance: NewInstance, policy: StorePolicy): Promise<StoreResult>;
  /** Undefined when there is no such resource (of that level, when given). */
  remove(publicId: string, level?: Level): Promise<RemoveResult | undefined>;
  /** Sets main DICOM tags and metadata of resources anew. False when one of them is unknown. */
  reconstruct(resources: readonly ReconstructedResource[]): Promise<boolean>;

  find(request: FindRequest): Promise<readonly FoundResource[]>;
  count(request: Omit<FindRequest, "include" | "orderBy">): Promise<number>;
  levelOf(publicId: string): Promise<Level | undefined>;
  /** Resources whose PatientID, StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID is `value`, patients first. */
  lookup(value: string): Promise<readonly ResourceReference[]>;

  metadata(
    publicId: string,
    level?: Level,
  ): Promise<Readonly<Record<number, { value: string; revision: number }>> | undefined>;
  /** `expected`: the revision the caller saw; undefined: no check. */
  setMetadata(publicId: string, metadata: number, value: string, expected?: number): Promise<RevisionCheck>;
  deleteMetadata(publicId: string, metadata: number, expected?: number): Promise<RevisionCheck>;

  attachments(publicId: string, level?: Level): Promise<readonly Attachment[] | undefined>;
  setAttachment(publicId: string, attachment: NewAttachment, expected?: number): Promise<RevisionCheck>;
  deleteAttachment(publicId: string, type: ContentType, expected?: number): Promise<RevisionCheck>;
  /** Of these blobs, those that have a row. */
  knownBlobs(uuids: readonly string[]): Promise<ReadonlySet<string>>;

  labels(): Promise<readonly string[]>;
  /** False when the resource is unknown. */
  addLabel(publicId: string, label: string): Promise<boolean>;
  removeLabel(publicId: string, label: string): Promise<boolean>;

  isProtected(patient: string): Promise<boolean | undefined>;
  setProtected(patient: string, isProtected: boolean): Promise<boolean>;

  changes(request: ChangesRequest): Promise<ChangesPage>;
  recordChange(type: ChangeType, resource: ResourceReference, date: string): Promise<void>;
  deleteChanges(): Promise<void>;
  exports(
    since: number,
    limit: number,
  ): Promise<{ readonly exports: readonly ExportedResource[]; readonly done: boolean; readonly last: number }>;
  recordExport(resource: ResourceReference, remoteModality: string, date: string): Promise<void>;
  deleteExports(): Promise<void>;

  statistics(): Promise<Statistics>;
  resourceStatistics(publicId: string, level?: Level): Promise<ResourceStatistics | undefined>;

  /** Resources that are not yet stable: what the stability timer is armed with at start. */
  unstable(): Promise<readonly (ResourceReference & { readonly lastUpdate: string })[]>;
  /**
   * Marks as stable and records the Stable… change at `date`. False, and nothing is done, when the resource has gone, is stable already,
   * or changed after `unchangedSince` (its LastUpdate is later; `date` when absent).
   */
  markStable(resource: ResourceReference, date: string, unchangedSince?: string): Promise<boolean>;
  /** Takes that back. False, and nothing is done, when it is not stable, or has gone. */
  markUnstable(resource: ResourceReference): Promise<boolean>;

  /** Small server-wide values: `jobs`, `dicom-web-servers`, `clean-shutdown`, … */
  property(name: string): Promise<string | undefined>;
  setProperty(name: string, value: string | undefined): Promise<void>;
  /** What plugins and scripts keep: values by store and key. */
  keyValue(store: string, key: string): Promise<string | undefined>;
  setKeyValue(store: string, key: string, value: string): Promise<void>;
  /** False when there is no such key. */
  deleteKeyValue(store: string, key: string): Promise<boolean>;
  /** Up to `limit` keys after `after` (exclusive; undefined: from the first), in the order of their UTF-8 bytes. */
  keyValues(store: string, after: string | undefined, limit: number): Promise<readonly KeyValue[]>;
  /** The next number of a named sequence, from 1. */
  nextSequence(name: string): Promise<number>;

  close(): Promise<void>;
}
