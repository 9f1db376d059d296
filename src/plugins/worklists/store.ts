import type { Dataset } from "../../plugin-api.ts";

export interface StoredWorklist {
  readonly id: string;
  readonly dataset: Dataset;
  /** Milliseconds since the epoch, where it is known: in the database. */
  readonly createdAt?: number;
}

/** Where worklists are kept. What is broken there is logged and left out. */
export interface WorklistStore {
  all(): AsyncIterable<StoredWorklist>;
  get(id: string): Promise<StoredWorklist | undefined>;
  /** Keeps a DICOM file, in place of a former one. Throws `ParameterOutOfRange` for an id that cannot be one. */
  put(id: string, file: Buffer): Promise<void>;
  /** False when there is no such worklist. */
  delete(id: string): Promise<boolean>;
}
