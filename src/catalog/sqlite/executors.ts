import { migrate } from "../schema/migrate.ts";
import { type Reads, reads } from "../sql-catalog/acts.ts";
import { createCommits } from "./commits.ts";
import { openConnection } from "./connection.ts";
import type { Executor } from "./executor.ts";
import { type FolderLock, lockCatalog } from "./folder-lock.ts";
import { LocalExecutor } from "./local-executor.ts";
import { openNearReader } from "./near-reader.ts";
import { actsByName, readEach, writeTogether } from "./run-calls.ts";
import { encodeRecord } from "./store-record.ts";
import { createStoring, type Storing } from "./storing.ts";
import { ThreadExecutor } from "./thread-executor.ts";
import { type WriterActs, writerActs, type WriterThreadActs } from "./writer-acts.ts";

/** What carries out the acts of a catalog. */
export interface Executors {
  readonly reader: Pick<Executor<Reads>, "call">;
  /** On the caller's thread, for what is found at once. */
  readonly nearReader: Pick<Executor<Reads>, "call">;
  readonly writer: Pick<Executor<WriterActs>, "call">;
  readonly store: Storing;
  readonly close: () => Promise<void>;
}

/** One connection to a catalog in memory, on the caller's thread. */
export function inMemory(): Executors {
  const connection = openConnection(":memory:", "write");
  connection.transaction(() => migrate(connection));
  const readActs = actsByName(reads);
  const writeActs = actsByName(writerActs);
  const writer = new LocalExecutor<WriterActs>((calls) => writeTogether(connection, writeActs, calls));
  const reader = new LocalExecutor<Reads>((calls) => readEach(connection, readActs, calls));
  return {
    reader,
    nearReader: reader,
    writer,
    store: (instance, policy) => writer.call("storeInstance", instance, policy),
    close: async () => connection.close(),
  };
}

/** What a thread of the catalog is started with. */
export interface ConnectionData {
  readonly file: string;
}

export interface ThreadOptions {
  readonly file: string;
  /** The module of the thread that writes, built on `serveWriter`. */
  readonly writer: URL;
  /** Hears of trouble that concerns no single call. */
  readonly notice: (text: string) => void;
}

interface ThreadExecutors extends Executors {
  readonly writer: Pick<Executor<WriterThreadActs>, "call">;
}

/** A thread that writes and one that reads, each starting with the first call for it, and a connection that reads on the caller's. */
export function inThreads({ file, writer: module, notice }: ThreadOptions): ThreadExecutors {
  const lock = lockAndMigrate(file);
  const data: ConnectionData = { file };
  const writer = new ThreadExecutor<WriterThreadActs>({ module, data, notice });
  const reader = new ThreadExecutor<Reads>({ module: new URL("reader-worker.ts", import.meta.url), data, notice });
  const nearReader = openNearReader(file);
  const commits = createCommits(() => writer.call("commit"));
  const store = createStoring(async (record, file) => {
    const encoded = encodeRecord(record);
    const [attachment] = record.instance.attachments;
    const isUnflushed = file === "unflushed";
    const bytes = isUnflushed ? [encoded] : [encoded, ...file];
    const result = await writer.callWithBytes("store", bytes, attachment?.uuid, encoded.length, isUnflushed);
    commits.stored();
    return result;
  });
  return {
    reader: commits.before(reader),
    nearReader: commits.before(nearReader),
    writer,
    store,
    async close() {
      await nearReader.close();
      await reader.close();
      await writer.close();
      lock.release();
    },
  };
}

/** The schema is brought up to date before the threads start, so that what is wrong with the file stops the start. */
function lockAndMigrate(file: string): FolderLock {
  const lock = lockCatalog(file);
  try {
    const connection = openConnection(file, "write");
    try {
      connection.transaction(() => migrate(connection));
    } finally {
      connection.close();
    }
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}
