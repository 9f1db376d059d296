import type { JobState } from "./job.ts";

/** What may happen to a job: `start`, `succeed` and `fail` come from the engine, the others from clients. */
export const jobEvents = ["start", "succeed", "fail", "pause", "resume", "cancel", "resubmit"] as const;
export type JobEvent = (typeof jobEvents)[number];

/**
 * State × event → next state; an absent cell is refused. A paused or cancelled job may still have its last step
 * in flight: when that step was the last of a paused job, the job ends; a cancelled one stays cancelled.
 */
export const jobTransitions: Readonly<Record<JobState, Readonly<Partial<Record<JobEvent, JobState>>>>> = {
  Pending: { start: "Running", pause: "Paused", cancel: "Failure" },
  Running: { succeed: "Success", fail: "Failure", pause: "Paused", cancel: "Failure" },
  Paused: { succeed: "Success", fail: "Failure", resume: "Pending", cancel: "Failure" },
  Retry: { start: "Running", pause: "Paused", cancel: "Failure" },
  Success: {},
  Failure: { resubmit: "Pending" },
};

/** The state after `event`, or undefined when `event` is refused in `state`. */
export function nextJobState(state: JobState, event: JobEvent): JobState | undefined {
  return jobTransitions[state][event];
}

/** Whether a job in this state has ended (it counts in `JobsHistorySize`). */
export function isFinal(state: JobState): boolean {
  return state === "Success" || state === "Failure";
}

/** The state in which a saved job starts again: what was running waits for its turn. */
export function stateAfterRestart(state: JobState): JobState {
  return state === "Running" || state === "Retry" ? "Pending" : state;
}
