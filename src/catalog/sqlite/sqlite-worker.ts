/** The thread of one connection: carries out lists of calls. */
import { workerData } from "node:worker_threads";
import { serveBatches } from "../../util/batched-thread-port.ts";
import { reads, writes } from "../sql-catalog/acts.ts";
import { openConnection } from "./connection.ts";
import type { Call } from "./executor.ts";
import { actsByName, forTransfer, readEach, writeTogether } from "./run-calls.ts";

/** What the thread is started with. */
export interface SqliteWorkerData {
  readonly file: string;
  readonly mode: "read" | "write";
}

const { file, mode } = workerData as SqliteWorkerData;
const connection = openConnection(file, mode);
const runCalls = mode === "write" ? writeTogether : readEach;
const acts = actsByName(mode === "write" ? writes : reads);

serveBatches({
  run: (batch) => {
    const calls = batch as readonly Call[];
    return forTransfer(calls, runCalls(connection, acts, calls));
  },
  close: async () => connection.close(),
});
