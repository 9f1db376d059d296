import type { NewInstance, StorePolicy, StoreResult } from "../catalog/catalog.ts";

/** A catalog and a storage that store the rows and the file of an instance in one act, which costs less than two. */
export interface JointStore {
  /** Bytes of the largest file that it takes. */
  readonly largestFile: number;
  /** As `Catalog.storeInstance`; the file is that of the first attachment. Unless the answer is `Success`, nothing stays. */
  readonly store: (instance: NewInstance, policy: StorePolicy, file: readonly Uint8Array[]) => Promise<StoreResult>;
}
