import type { ErrorName } from "../util/errors.ts";

/** What a running job yields: `state` is saved after each, so that a restart goes on from it. */
export interface Progress<State> {
  readonly state: State;
  /** 0 … 1 */
  readonly fraction: number;
}

/**
 * One kind of job. `run` is pulled step by step: pausing is not pulling, cancelling is `signal`,
 * and a restart calls `run` with the state that was saved last. State is plain JSON, without secrets.
 */
export interface JobType<State> {
  /** Orthanc's name, e.g. `DicomWebStowClient`. */
  readonly type: string;
  run(state: State, signal: AbortSignal): AsyncGenerator<Progress<State>, void, void>;
  /** The `Content` of `/jobs/{id}`. */
  describe(state: State): Record<string, unknown>;
  /** The state to start again from when a failed job is resubmitted; the last state when absent. */
  restart?(state: State): State;
  /** A file that the job has made and that is still there (`/jobs/{id}/{key}`). */
  output?(state: State, key: string): JobOutput | undefined;
  /** The job was forgotten: what it made is of no use any more. */
  forget?(state: State): void;
}

/** A file that a job has made. */
export interface JobOutput {
  /** Its media type. */
  readonly type: string;
  /** Name of the download. */
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
  remove(): Promise<void>;
}

/** States as Orthanc prints them. */
export type JobState = "Pending" | "Running" | "Success" | "Failure" | "Paused" | "Retry";

export interface JobSubmission {
  /** Higher goes first. */
  readonly priority: number;
  readonly userData?: unknown;
}

/** What clients may see of a job; `rest/jobs` prints it. */
export interface JobInfo {
  readonly id: string;
  readonly type: string;
  readonly state: JobState;
  readonly priority: number;
  /** 0 … 1 */
  readonly progress: number;
  readonly error: { readonly name: ErrorName; readonly details: string; readonly payload?: object } | undefined;
  readonly content: Record<string, unknown>;
  readonly userData?: unknown;
  /** Milliseconds since the epoch. */
  readonly creationTime: number;
  readonly completionTime: number | undefined;
  readonly estimatedTimeOfArrival: number | undefined;
  /** Seconds. */
  readonly effectiveRuntime: number;
}

/** The jobs of one server. Actions answer false when the job is unknown or in the wrong state. */
export interface JobsEngine {
  register<State>(type: JobType<State>): void;
  /** Starts the saved jobs again, once every type is registered; those of unknown types are dropped with a warning. */
  start(): void;
  submit<State>(type: JobType<State>, state: State, submission: JobSubmission): string;
  /** Resolves when the job has ended in Success or Failure (at once when it already has); `InexistentItem` when unknown. */
  finished(id: string): Promise<JobInfo>;
  list(): readonly JobInfo[];
  get(id: string): JobInfo | undefined;
  pause(id: string): boolean;
  resume(id: string): boolean;
  cancel(id: string): boolean;
  resubmit(id: string): boolean;
  /** A file that a job has made; undefined when there is no such job or file. */
  output(id: string, key: string): JobOutput | undefined;
  /** Forgets a completed job. */
  remove(id: string): boolean;
  /** Stops pulling, aborts the running steps, saves: the next start goes on from the last saved states. */
  close(): Promise<void>;
}
