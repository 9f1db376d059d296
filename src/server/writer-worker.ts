/** The thread that writes: the rows of the catalog, and small files of the storage with them. */
import type { ConnectionData } from "../catalog/sqlite/executors.ts";
import { type OpenJournal, serveWriter } from "../catalog/sqlite/writer-calls.ts";
import { createJournaledFiles, type JournaledFilesOptions } from "../storage/filesystem/journaled-files.ts";
import { sendNotice, serveBatches } from "../util/batched-thread-port.ts";

/** What the journal is opened with. */
export type JournalSettings = Omit<JournaledFilesOptions, "next">;

const openJournal: OpenJournal = (settings, next, flushRecords) =>
  createJournaledFiles(
    { ...(settings as JournalSettings), next },
    {
      flushRecords,
      failed: (error) =>
        sendNotice(`the storage's journal could not be flushed and is kept for the next start: ${String(error)}`),
    },
  );

serveBatches((data) => serveWriter(data as ConnectionData, openJournal, sendNotice));
