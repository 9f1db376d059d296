/** The thread of the connection that reads. */
import { serveBatches } from "../../util/batched-thread-port.ts";
import { reads } from "../sql-catalog/acts.ts";
import { openConnection } from "./connection.ts";
import { unpackCalls } from "./packed-calls.ts";
import type { ConnectionData } from "./executors.ts";
import { actsByName, forTransfer, readEach } from "./run-calls.ts";

serveBatches((data) => {
  const { file } = data as ConnectionData;
  const connection = openConnection(file, "read");
  const acts = actsByName(reads);
  return {
    run: (message) => {
      const calls = unpackCalls(message);
      return forTransfer(calls, readEach(connection, acts, calls));
    },
    close: async () => connection.close(),
  };
});
