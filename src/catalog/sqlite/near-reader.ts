import { type FindRequest } from "../catalog.ts";
import { type Reads, reads } from "../sql-catalog/acts.ts";
import { openConnection } from "./connection.ts";
import type { Executor } from "./executor.ts";
import { LocalExecutor } from "./local-executor.ts";
import { actsByName, readEach } from "./run-calls.ts";

/** Pages that it keeps, in KiB. */
const cacheSize = 4096;

/** A connection of the caller's thread, for what is found by its key in less time than a trip to another thread takes. */
export function openNearReader(file: string): Executor<Reads> {
  const connection = openConnection(file, "read");
  connection.run(`PRAGMA cache_size = -${cacheSize}`);
  const acts = actsByName(reads);
  const executor = new LocalExecutor<Reads>((calls) => readEach(connection, acts, calls));
  return {
    call: (name, ...values) => executor.call(name, ...values),
    close: async () => connection.close(),
  };
}

const SOPInstanceUID = 0x00080018;

/** Whether the request is for an instance by its key. */
export function isForOneInstance({ level, publicIds, constraints = [] }: FindRequest): boolean {
  if (level !== "Instance") return false;
  const isByUid = constraints.some(
    (constraint) => constraint.tag === SOPInstanceUID && constraint.match === "equal" && constraint.caseSensitive,
  );
  return isByUid || publicIds?.length === 1;
}
