import { reads, writes } from "../sql-catalog/acts.ts";
import type { LeftEntry } from "./store-journal.ts";
import type { RowsResult } from "./store-record.ts";

/** What is read by the connection that writes: it sees what is not committed yet, and the one that reads need not be opened for that. */
export const writerReads = { levelOf: reads.levelOf, property: reads.property, unstable: reads.unstable } as const;

/** What a connection that writes can be asked for. */
export const writerActs = { ...writes, ...writerReads } as const;
export type WriterActs = typeof writerActs;

/** What a thread with such a connection can be asked for. */
export type WriterThreadActs = WriterActs & {
  /** Stores an instance, whose file has this name; the call's bytes are a `StoreRecord` of that length and the file, unless that is in the storage. */
  readonly store: (sql: never, uuid: string | undefined, recordLength: number, isUnflushed: boolean) => RowsResult;
  /** Commits what is stored, for readers to see. */
  readonly commit: () => void;
  /** Opens a journal with settings of the thread's. */
  readonly openJournal: (sql: never, settings: unknown) => void;
  /** Stores again what a crash has left in the journal. Answers the names of blobs that lose their rows by that. */
  readonly redo: (sql: never, entries: readonly LeftEntry[]) => readonly string[];
};
