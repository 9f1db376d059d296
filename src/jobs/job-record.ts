import { randomUUID } from "node:crypto";
import { type ErrorName, ServerError } from "../util/errors.ts";
import type { Attempt } from "./attempt.ts";
import type { JobInfo, JobState, JobSubmission, JobType } from "./job.ts";

export interface JobError {
  readonly name: ErrorName;
  readonly details: string;
  readonly payload?: object;
}

/** What the engine knows of one job. Times in milliseconds since the epoch, durations in milliseconds. */
export interface JobRecord {
  readonly id: string;
  readonly type: JobType<unknown>;
  readonly priority: number;
  readonly userData: unknown;
  readonly creationTime: number;
  status: JobState;
  /** What the generator yielded last. */
  state: unknown;
  /** 0 … 1 */
  progress: number;
  error: JobError | undefined;
  completionTime: number | undefined;
  /** Time spent in Running before `runningSince`. */
  runtime: number;
  /** Set while Running. */
  runningSince: number | undefined;
  attempt: Attempt | undefined;
}

/** A job that has not run yet, submitted at `now`. */
export function newJob(type: JobType<unknown>, state: unknown, submission: JobSubmission, now: number): JobRecord {
  return {
    id: randomUUID(),
    type,
    priority: submission.priority,
    userData: submission.userData,
    creationTime: now,
    status: "Pending",
    state,
    progress: 0,
    error: undefined,
    completionTime: undefined,
    runtime: 0,
    runningSince: undefined,
    attempt: undefined,
  };
}

/** The error of a job that ended with `error`: anything but a `ServerError` is an InternalError without details. */
export function jobErrorOf(error: unknown): JobError {
  if (!(error instanceof ServerError)) return { name: "InternalError", details: "" };
  const { errorName: name, details = "", payload } = error;
  return payload === undefined ? { name, details } : { name, details, payload };
}

/** Milliseconds spent in Running until `now`. */
export function runtimeOf(job: JobRecord, now: number): number {
  return job.runtime + (job.runningSince === undefined ? 0 : now - job.runningSince);
}

/** What clients may see of `job` at `now`. */
export function jobInfo(job: JobRecord, now: number): JobInfo {
  const runtime = runtimeOf(job, now);
  return {
    id: job.id,
    type: job.type.type,
    state: job.status,
    priority: job.priority,
    progress: job.progress,
    error: job.error,
    content: job.type.describe(job.state),
    ...(job.userData === undefined ? {} : { userData: job.userData }),
    creationTime: job.creationTime,
    completionTime: job.completionTime,
    estimatedTimeOfArrival: estimatedTimeOfArrival(job, runtime, now),
    effectiveRuntime: runtime / 1000,
  };
}

/** Known only while running and above 1 %: before that the estimate would be noise. */
function estimatedTimeOfArrival(job: JobRecord, runtime: number, now: number): number | undefined {
  if (job.status !== "Running" || job.progress <= 0.01) return undefined;
  return now + runtime / job.progress - runtime;
}
