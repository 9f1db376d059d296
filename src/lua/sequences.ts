import type { JobsEngine, JobType } from "../jobs/job.ts";
import type { Operation } from "./protocol.ts";
import type { SequenceState } from "./sequence-job.ts";

/** What scripts asked for, as jobs. */
export interface Sequences {
  readonly add: (operations: readonly Operation[]) => void;
  /** Makes a job of what waits, for the next start. */
  readonly close: () => void;
}

/** One job after the other, so that the order is kept across callbacks; what comes while one runs is gathered for the next. */
export function createSequences(
  jobs: Pick<JobsEngine, "submit" | "finished">,
  type: JobType<SequenceState>,
): Sequences {
  let waiting: Operation[] = [];
  let isRunning = false;
  const submit = (): string =>
    jobs.submit(type, { operations: waiting.splice(0), position: 0, failed: [] }, { priority: 0 });
  const next = (): void => {
    if (isRunning || waiting.length === 0) return;
    isRunning = true;
    void jobs.finished(submit()).finally(() => {
      isRunning = false;
      next();
    });
  };
  return {
    add(operations) {
      waiting = [...waiting, ...operations];
      next();
    },
    close() {
      if (waiting.length > 0) submit();
      isRunning = true;
    },
  };
}
