import { ServerError } from "../util/errors.ts";
import type { JobsEngine, JobType } from "./job.ts";

/** How a client wants its job to run. */
export interface JobRequest {
  /** The answer waits for the job and is its content. */
  readonly synchronous: boolean;
  /** Higher goes first. */
  readonly priority: number;
  /** A step that fails does not fail the job. */
  readonly permissive: boolean;
  readonly userData?: unknown;
}

/**
 * Reads `Synchronous` (it wins) or `Asynchronous`, `Priority`, `Permissive` and `UserData` of a request's JSON body;
 * what is absent is synchronous, 0, false and nothing. Throws `BadFileFormat` naming the field of a wrong type.
 */
export function parseJobRequest(body: Readonly<Record<string, unknown>>): JobRequest {
  const asynchronous = booleanField(body, "Asynchronous", false);
  const userData = body["UserData"];
  return {
    synchronous: booleanField(body, "Synchronous", !asynchronous),
    priority: integerField(body, "Priority", 0),
    permissive: booleanField(body, "Permissive", false),
    ...(userData === undefined ? {} : { userData }),
  };
}

/** A job that is about to be submitted. */
export interface NewJob<State> {
  readonly type: JobType<State>;
  readonly state: State;
}

/**
 * Submits a job and gives Orthanc's answer: `{ ID, Path }` at once, or, when synchronous, the content of the ended job;
 * a failed one throws its error.
 */
export async function runSubmitted<State>(
  engine: JobsEngine,
  job: NewJob<State>,
  request: JobRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const { priority, userData } = request;
  const id = engine.submit(job.type, job.state, userData === undefined ? { priority } : { priority, userData });
  if (!request.synchronous) return { ID: id, Path: `/jobs/${id}` };
  const { error, content } = await engine.finished(id);
  if (error === undefined) return content;
  const details = error.details === "" ? undefined : error.details;
  throw new ServerError(error.name, details, error.payload === undefined ? {} : { payload: error.payload });
}

function booleanField(body: Readonly<Record<string, unknown>>, name: string, absent: boolean): boolean {
  const value = body[name];
  if (value === undefined) return absent;
  if (typeof value !== "boolean") throw new ServerError("BadFileFormat", `"${name}" must be a Boolean`);
  return value;
}

function integerField(body: Readonly<Record<string, unknown>>, name: string, absent: number): number {
  const value = body[name];
  if (value === undefined) return absent;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new ServerError("BadFileFormat", `"${name}" must be an integer`);
  }
  return value;
}
