/** The thread of one connection: takes lists of calls and answers with the list of their outcomes. */
import { parentPort, workerData } from "node:worker_threads";
import { reads, writes } from "../sql-catalog/acts.ts";
import { openConnection } from "./connection.ts";
import type { Call } from "./executor.ts";
import { actsByName, readEach, writeTogether } from "./run-calls.ts";

/** What the thread is started with. */
export interface SqliteWorkerData {
  readonly file: string;
  readonly mode: "read" | "write";
}

const { file, mode } = workerData as SqliteWorkerData;
const connection = openConnection(file, mode);
const run = mode === "write" ? writeTogether : readEach;
const acts = actsByName(mode === "write" ? writes : reads);
const port = parentPort;
if (port === null) throw new Error("sqlite-worker.ts runs as a worker thread");

port.on("message", (calls: readonly Call[] | "close") => {
  if (calls === "close") {
    connection.close();
    port.close();
  } else port.postMessage(run(connection, acts, calls));
});
