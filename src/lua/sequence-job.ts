import type { JobType, Progress } from "../jobs/job.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import type { Operation } from "./protocol.ts";

/** The state of a job that does what scripts asked for. */
export interface SequenceState {
  readonly operations: readonly Operation[];
  /** Operations that were dealt with. */
  readonly position: number;
  /** Resources for which an operation failed: those that follow for them are left out. */
  readonly failed: readonly string[];
}

/** Does one operation. Throws what goes wrong. */
export type Perform = (operation: Operation, signal: AbortSignal) => Promise<void>;

/**
 * The job that sends and deletes, in the order in which scripts asked for it. What follows an operation that failed for a resource is left out
 * for it: what could not be sent must not be deleted.
 */
export function sequenceJob(perform: Perform, log: Log): JobType<SequenceState> {
  return {
    type: "SequenceOfOperations",
    run: (state, signal) => run(perform, log, state, signal),
    describe: ({ operations }) => ({ Description: "Lua", CountOperations: operations.length }),
    restart: ({ operations, position, failed }) => ({
      operations: operations.filter(({ resource }, at) => at >= position || failed.includes(resource)),
      position: 0,
      failed: [],
    }),
  };
}

async function* run(
  perform: Perform,
  log: Log,
  saved: SequenceState,
  signal: AbortSignal,
): AsyncGenerator<Progress<SequenceState>, void, void> {
  let state = saved;
  for (const operation of saved.operations.slice(saved.position)) {
    const { resource, kind } = operation;
    let { failed } = state;
    if (failed.includes(resource)) {
      log.error(`Lua: ${kind} of ${resource} is left out after what failed before`);
    } else {
      try {
        await perform(operation, signal);
      } catch (error) {
        signal.throwIfAborted();
        log.error(`Lua: ${kind} of ${resource} failed: ${error instanceof Error ? error.message : String(error)}`);
        failed = [...failed, resource];
      }
    }
    state = { ...state, position: state.position + 1, failed };
    yield { state, fraction: state.position / state.operations.length };
  }
  if (state.failed.length > 0) {
    throw new ServerError("InternalError", `operations of Lua scripts failed for ${state.failed.join(", ")}`);
  }
}
