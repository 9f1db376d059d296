import type {
  Attachment,
  ChangeType,
  Level,
  Metadata,
  RemoveResult,
  ResourceReference,
  RevisionCheck,
  TagValues,
} from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import type { VR } from "../dicom/vr.ts";
import type { ByteRange, ContentType } from "../storage/storage.ts";
import type { ByteSource } from "../util/byte-source.ts";
import type { MD5Sums } from "./attachment-sums.ts";

/** Who brought an instance (Orthanc's `Origin`, `RemoteIP`, … metadata). */
export interface Origin {
  readonly kind: "DicomProtocol" | "RestApi" | "Plugins" | "Lua" | "WebDav" | "Unknown";
  readonly remoteIp?: string;
  readonly remoteAet?: string;
  readonly calledAet?: string;
  readonly username?: string;
}

/** The DICOM identifiers of an instance. */
export interface InstanceUids {
  readonly PatientID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string;
}

/** What became of one instance. `identifiers` are Orthanc's. Unreadable data throws `ServerError("BadFileFormat" | "InexistentTag")`. */
export interface IngestResult {
  readonly status: "Success" | "AlreadyStored" | "FilteredOut" | "StorageFull";
  readonly identifiers: Readonly<Record<Level, string>>;
  readonly uids: InstanceUids;
}

/** Conditions of one ingest. */
export interface IngestOptions {
  /** Asked once, when the header is read and before anything is stored; false leaves the archive untouched (`FilteredOut`). */
  readonly accept?: (uids: InstanceUids) => boolean;
  /** Metadata of the instance besides those that every instance gets. */
  readonly metadata?: Metadata;
  /** Not transcoded by `IngestTranscoding`. */
  readonly keepTransferSyntax?: boolean;
}

/** An opened attachment: `stream` gives its uncompressed bytes (of the range, when one was asked for). */
export interface OpenAttachment {
  readonly attachment: Attachment;
  /** Bytes that `stream` will give. */
  readonly size: number;
  readonly stream: ByteSource;
}

/** Bytes that are kept for a while. */
export interface Spooled {
  readonly size: number;
  read(range: ByteRange): AsyncIterable<Uint8Array>;
}

/** The header of a stored instance: everything before its pixel data, big values left in the file. */
export interface InstanceHeader {
  readonly meta: Dataset;
  readonly dataset: Dataset;
  readonly transferSyntaxUID: string;
  /** Offset in the file of the PixelData element (7FE0,0010), its tag included; undefined without pixel data or when deflated. */
  readonly pixelDataOffset: number | undefined;
  /** VR of PixelData, undefined without it. */
  readonly pixelDataVR?: VR | undefined;
}

/** What happens to resources, told after the commit. */
export type ArchiveEvent =
  | { readonly type: "StoredInstance"; readonly publicId: string; readonly tags: TagValues; readonly origin: Origin }
  | { readonly type: "Change"; readonly change: ChangeType; readonly resource: ResourceReference }
  | { readonly type: "Deleted"; readonly resource: ResourceReference };

/** The archive of one server: the one door by which instances come in, are read and go. */
export interface Archive {
  ingest(data: Uint8Array | AsyncIterable<Uint8Array>, origin: Origin, options?: IngestOptions): Promise<IngestResult>;
  /** Undefined when there is no such resource (of that level, when given). */
  remove(publicId: string, level?: Level): Promise<RemoveResult | undefined>;
  /** Undefined when the resource or its attachment is absent. A range out of bounds throws `BadRange`. */
  open(publicId: string, type: ContentType, range?: ByteRange): Promise<OpenAttachment | undefined>;
  /** As stored, compressed or not. */
  openRaw(publicId: string, type: ContentType): Promise<OpenAttachment | undefined>;
  /** The MD5 sums of an attachment, read where the catalog has none. Throws `CorruptedFile` when its bytes are not those that were stored. */
  md5(attachment: Attachment): Promise<MD5Sums>;
  /** Whether the bytes of an attachment are those that were stored; false as well when nothing tells. */
  isIntact(attachment: Attachment): Promise<boolean>;
  /** Parsed header of an instance, from a cache where possible; undefined when there is none. */
  header(instance: string): Promise<InstanceHeader | undefined>;
  /** As `header`, for who reads many of them and none twice: it is not kept. */
  headerOnce(instance: string): Promise<InstanceHeader | undefined>;
  /** Every element, the pixel data and what follows included (values above the limit stay in the file: `readValue`). */
  dataset(instance: string): Promise<InstanceHeader | undefined>;
  /** Bytes of a value that was left in the file (`Element.offset`, `Element.length`); works for deflated files too. */
  readValue(instance: string, range: ByteRange): AsyncIterable<Uint8Array>;
  /** Writes a user attachment (metadata and labels go straight to the catalog). */
  attach(
    publicId: string,
    type: ContentType,
    data: AsyncIterable<Uint8Array>,
    expectedRevision?: number,
  ): Promise<RevisionCheck>;
  /** Removes an attachment's row, then its blob. */
  detach(publicId: string, type: ContentType, expectedRevision?: number): Promise<RevisionCheck>;
  /** Compresses or uncompresses in place. False when absent. */
  setCompression(publicId: string, type: ContentType, compressed: boolean): Promise<boolean>;
  /**
   * Reads an instance again and sets what the catalog has of it at these levels: main DICOM tags and the metadata that come from the
   * file. False when there is no such instance.
   */
  reconstruct(instance: string, levels: readonly Level[]): Promise<boolean>;
  /** Calls a patient, study or series stable now, or has it wait for its stable age again. False when nothing changes, or there is none. */
  setStable(publicId: string, isStable: boolean): Promise<boolean>;
  /** Tells the listeners of a change that was made in the catalog. */
  announce(change: ChangeType, resource: ResourceReference): void;
  /** Keeps bytes in the storage while `use` reads them, in any order; then they are removed. */
  spool<Result>(data: AsyncIterable<Uint8Array>, use: (spooled: Spooled) => Promise<Result>): Promise<Result>;
  /** Listeners are called one after the other, never awaited by ingest; returns the unsubscription. */
  subscribe(listener: (event: ArchiveEvent) => void): () => void;
  /** Waits for pending work (timers, removals). */
  close(): Promise<void>;
}
