import type { ByteRange } from "../util/byte-range.ts";

export type { ByteRange };

/** What a blob is, as Orthanc numbers attachments: 1 `dicom`, 2 `dicom-as-json`, 3 `dicom-until-pixel-data`, ≥ 1024 user content. */
export type ContentType = number;

/** Where a blob is: its UUID and type, and whatever its storage gave back when it was written. */
export interface BlobReference {
  readonly uuid: string;
  readonly type: ContentType;
  readonly customData?: string;
}

/** Bytes to be written: small objects come as a list of buffers, large ones as a stream. */
export type BlobData = readonly Uint8Array[] | AsyncIterable<Uint8Array>;

/** A place that keeps blobs. The contract is tested in `storage-contract.ts`. */
export interface BlobStorage {
  /** Durable when it resolves; when it throws nothing is left behind. */
  write(
    uuid: string,
    type: ContentType,
    data: BlobData,
  ): Promise<{ readonly size: number; readonly customData?: string }>;
  /** Throws `InexistentFile` when the blob is absent. */
  read(blob: BlobReference, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Absent is no error. */
  remove(blob: BlobReference): Promise<void>;
}

/**
 * A storage that can read into memory that its user has. Fresh memory for each blob costs more than reading it: the system has to clear
 * it, and the collector to look for it.
 */
export interface ReadsInto {
  /** Reads the first bytes of a blob, as many as there is room for, and gives their number. Throws `InexistentFile`. */
  readInto(blob: BlobReference, into: Uint8Array): Promise<number>;
}
