import { type ErrorName, errorTable } from "../util/errors.ts";
import type { JobState, JobType } from "./job.ts";
import { type JobError, type JobRecord, runtimeOf } from "./job-record.ts";
import { stateAfterRestart } from "./states.ts";

/** A job as it is kept between two runs of the server. */
export interface SavedJob {
  readonly id: string;
  readonly type: string;
  readonly priority: number;
  readonly userData?: unknown;
  readonly creationTime: number;
  readonly completionTime?: number;
  /** Milliseconds. */
  readonly runtime: number;
  readonly status: JobState;
  readonly state: unknown;
  readonly progress: number;
  readonly error?: JobError;
}

const version = 1;

/** The text that `parseSavedJobs` reads. */
export function renderSavedJobs(jobs: readonly SavedJob[]): string {
  return JSON.stringify({ version, jobs });
}

/** Reads what `renderSavedJobs` wrote; undefined for anything else (a damaged text, another version). */
export function parseSavedJobs(text: string): readonly SavedJob[] | undefined {
  const saved = parseJson(text);
  if (!isObject(saved) || saved["version"] !== version || !Array.isArray(saved["jobs"])) return undefined;
  const jobs: readonly unknown[] = saved["jobs"];
  return jobs.every(isSavedJob) ? jobs : undefined;
}

/** The saved form of `job` at `now` (milliseconds since the epoch). */
export function savedJob(job: JobRecord, now: number): SavedJob {
  return {
    id: job.id,
    type: job.type.type,
    priority: job.priority,
    ...(job.userData === undefined ? {} : { userData: job.userData }),
    creationTime: job.creationTime,
    ...(job.completionTime === undefined ? {} : { completionTime: job.completionTime }),
    runtime: runtimeOf(job, now),
    status: job.status,
    state: job.state,
    progress: job.progress,
    ...(job.error === undefined ? {} : { error: job.error }),
  };
}

/** The job that goes on from what was saved. */
export function restoredJob(saved: SavedJob, type: JobType<unknown>): JobRecord {
  return {
    id: saved.id,
    type,
    priority: saved.priority,
    userData: saved.userData,
    creationTime: saved.creationTime,
    status: stateAfterRestart(saved.status),
    state: saved.state,
    progress: saved.progress,
    error: saved.error,
    completionTime: saved.completionTime,
    runtime: saved.runtime,
    runningSince: undefined,
    attempt: undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const states: Readonly<Record<JobState, true>> = {
  Pending: true,
  Running: true,
  Success: true,
  Failure: true,
  Paused: true,
  Retry: true,
};

function isSavedJob(job: unknown): job is SavedJob {
  if (!isObject(job)) return false;
  const { id, type, priority, creationTime, completionTime, runtime, status, progress, error } = job;
  return (
    [id, type].every((text) => typeof text === "string") &&
    [priority, creationTime, completionTime ?? 0, runtime, progress].every((number) => typeof number === "number") &&
    typeof status === "string" &&
    Object.hasOwn(states, status) &&
    (error === undefined || isJobError(error))
  );
}

function isJobError(error: unknown): error is JobError {
  return isObject(error) && isErrorName(error["name"]) && typeof error["details"] === "string";
}

function isErrorName(name: unknown): name is ErrorName {
  return typeof name === "string" && Object.hasOwn(errorTable, name);
}
