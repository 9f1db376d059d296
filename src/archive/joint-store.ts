import type { NewInstance, StorePolicy, StoreResult } from "../catalog/catalog.ts";
import type { ContentType } from "../storage/storage.ts";

/**
 * The file of an instance that is to be stored: its bytes, or `unflushed` when `write` has put them into the storage. No bytes: it is on the disk, or
 * there is none.
 */
export type InstanceFile = readonly Uint8Array[] | "unflushed";

/** A catalog and a storage that store the rows and the file of an instance in one act, which costs less than two. */
export interface JointStore {
  /** Bytes of the largest file that it takes by its bytes. */
  readonly largestFile: number;
  /** As `Catalog.storeInstance`; the file is that of the first attachment. Unless the answer is `Success`, nothing stays. */
  readonly store: (instance: NewInstance, policy: StorePolicy, file: InstanceFile) => Promise<StoreResult>;
  /** Writes a larger file into the storage. It is on the disk when `store` has stored its instance: one trip to another thread less. */
  readonly write: (uuid: string, type: ContentType, data: readonly Uint8Array[]) => Promise<{ readonly size: number }>;
}
