import type { StoreEntry } from "./store-record.ts";

/** Makes stored instances durable before their rows are, and writes the files that come with them. */
export interface StoreJournal {
  /** The number of the last entry. */
  readonly last: number;
  /** Keeps entries until their rows are flushed. False when there is no room at the moment: then only the files are durable. */
  store(entries: readonly StoreEntry[]): boolean;
  close(): Promise<void>;
}

/** An entry that a crash has left in the journal. */
export interface LeftEntry {
  readonly number: number;
  /** A `StoreRecord`, as JSON. */
  readonly record: string;
}
