import type { NewInstance, StorePolicy, StoreResult } from "../catalog.ts";
import type { Sql } from "../sql-catalog/sql.ts";
import { type SeriesMissing, storeInSeries } from "../sql-catalog/store-in-series.ts";
import { storeInstance } from "../sql-catalog/store.ts";

/** All that is needed to store the rows of an instance, now or again after a crash. Plain JSON. */
export interface StoreRecord {
  /** Whether the series is known to be there: then only the instance's own level is told. */
  readonly inSeries: boolean;
  readonly instance: NewInstance;
  readonly policy: StorePolicy;
}

export type RowsResult = StoreResult | SeriesMissing;

/** Writes the rows of an instance. */
export function storeRows(sql: Sql, { inSeries, instance, policy }: StoreRecord): RowsResult {
  return (inSeries ? storeInSeries : storeInstance)(sql, instance, policy);
}

/** What the journal keeps of a stored instance. */
export interface StoreEntry {
  /** The name of its file. */
  readonly uuid: string;
  /** The bytes of a `StoreRecord`. */
  readonly record: Uint8Array;
  /** The bytes of the file; empty when it is in the storage already, or there is none. */
  readonly file: Uint8Array;
  /** Whether the file is in the storage but may not be on the disk. */
  readonly isUnflushed?: boolean;
}

/** The bytes of a record. */
export function encodeRecord(record: StoreRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** The record in bytes of `encodeRecord`. */
export function decodeRecord({ buffer, byteOffset, length }: Uint8Array): StoreRecord {
  return JSON.parse(Buffer.from(buffer, byteOffset, length).toString());
}
