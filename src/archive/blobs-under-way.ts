import type { NewAttachment } from "../catalog/catalog.ts";
import type { BlobData, BlobReference, BlobStorage, ContentType } from "../storage/storage.ts";
import type { BlobRemoval } from "./blob-removal.ts";
import type { InstanceFile } from "./joint-store.ts";

/** Gives a blob its row; the blob is removed again unless `isKept` says that it got one. */
export interface Indexing<Result> {
  readonly index: (attachment: NewAttachment, file: InstanceFile) => Promise<Result>;
  readonly isKept: (result: Result) => boolean;
}

/** A blob that was written. */
export interface WrittenBlob extends BlobReference {
  readonly size: number;
}

type Write<Data> = (uuid: string, type: ContentType, data: Data) => ReturnType<BlobStorage["write"]>;

/** Blobs between their first byte and their row: a sweep of orphans leaves them alone. */
export interface BlobsUnderWay {
  /** Writes under a new name, by `into` (default: into the storage). */
  write<Data extends BlobData>(type: ContentType, data: Data, into?: Write<Data>): Promise<WrittenBlob>;
  discard(blob: BlobReference): Promise<void>;
  /** Gives a blob in the storage its row, or removes it. */
  commit<Result>(attachment: NewAttachment, indexing: Indexing<Result>, file: InstanceFile): Promise<Result>;
  /** Stores the bytes of a blob together with its row. */
  commitWithRow<Result>(
    attachment: NewAttachment,
    indexing: Indexing<Result>,
    file: readonly Uint8Array[],
  ): Promise<Result>;
  isUnderWay(uuid: string): boolean;
}

export interface BlobsUnderWayParts {
  readonly storage: Pick<BlobStorage, "write">;
  readonly removal: Pick<BlobRemoval, "remove">;
  readonly newBlobName: () => string;
}

export function createBlobsUnderWay({ storage, removal, newBlobName }: BlobsUnderWayParts): BlobsUnderWay {
  const underWay = new Set<string>();
  const discard = async (blob: BlobReference): Promise<void> => {
    await removal.remove([blob]);
    underWay.delete(blob.uuid);
  };
  return {
    async write(type, data, into = (...blob) => storage.write(...blob)) {
      const uuid = newBlobName();
      underWay.add(uuid);
      try {
        return { uuid, type, ...(await into(uuid, type, data)) };
      } catch (error) {
        underWay.delete(uuid);
        throw error;
      }
    },
    discard,
    async commit(attachment, { index, isKept }, file) {
      let kept = false;
      try {
        const result = await index(attachment, file);
        kept = isKept(result);
        return result;
      } finally {
        if (kept) underWay.delete(attachment.uuid);
        else await discard(attachment);
      }
    },
    async commitWithRow(attachment, { index }, file) {
      underWay.add(attachment.uuid);
      try {
        return await index(attachment, file);
      } finally {
        underWay.delete(attachment.uuid);
      }
    },
    isUnderWay: (uuid) => underWay.has(uuid),
  };
}
