import { availableParallelism } from "node:os";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { beginAttempt, finishAttempt } from "./attempt.ts";
import type { JobInfo, JobOutput, JobsEngine, JobSubmission, JobType } from "./job.ts";
import { jobErrorOf, jobInfo, type JobError, type JobRecord, newJob, runtimeOf } from "./job-record.ts";
import { parseSavedJobs, renderSavedJobs, restoredJob, savedJob, type SavedJob } from "./saved-jobs.ts";
import { isFinal, type JobEvent, nextJobState } from "./states.ts";
import { ThrottledSave } from "./throttled-save.ts";

export interface JobsEngineOptions {
  /** Jobs that run at the same time; 0: as many as there are processors (`ConcurrentJobs`). */
  readonly concurrent: number;
  /** Ended jobs that are remembered (`JobsHistorySize`). */
  readonly historySize: number;
  /** Keeps the jobs; called at every change of a job's state, and at most once a second for progress. */
  readonly save?: (text: string) => Promise<void>;
  /** What `save` was given last. */
  readonly saved?: string | undefined;
  /** Told of jobs that were submitted or have ended. */
  readonly observe?: (what: "Submitted" | "Success" | "Failure", id: string) => void;
  readonly log: Log;
  /** Milliseconds since the epoch; `Date.now` when absent. */
  readonly now?: () => number;
}

const saveInterval = 1000;

/** The jobs of one server. Submitted jobs run at once; saved ones go on at `start`. */
export function createJobsEngine(options: JobsEngineOptions): JobsEngine {
  return new Engine(options);
}

class Engine implements JobsEngine {
  readonly #options: JobsEngineOptions;
  readonly #concurrent: number;
  readonly #now: () => number;
  readonly #save: ThrottledSave;
  readonly #types = new Map<string, JobType<unknown>>();
  readonly #jobs = new Map<string, JobRecord>();
  /** Jobs whose generator is being pulled: they hold a place until their step has ended, whatever their state. */
  readonly #pulled = new Map<JobRecord, Promise<void>>();
  /** Ended jobs, the first ended first. */
  readonly #ended = new Set<string>();
  readonly #waiting = new Map<string, ((info: JobInfo) => void)[]>();
  /** Saved jobs that wait for `start`. */
  #restorable: readonly SavedJob[];
  #closed = false;

  constructor(options: JobsEngineOptions) {
    this.#options = options;
    this.#concurrent = options.concurrent === 0 ? availableParallelism() : options.concurrent;
    this.#now = options.now ?? Date.now;
    this.#save = new ThrottledSave({
      render: () => this.#render(),
      save: options.save ?? (async () => {}),
      interval: saveInterval,
      log: options.log,
    });
    this.#restorable = this.#readSaved(options.saved);
  }

  register<State>(type: JobType<State>): void {
    this.#types.set(type.type, type);
  }

  start(): void {
    for (const saved of this.#restorable) {
      const type = this.#types.get(saved.type);
      if (type === undefined) {
        this.#options.log.warn(`Dropping the saved job ${saved.id}: its type ${saved.type} is unknown`);
        continue;
      }
      const job = restoredJob(saved, type);
      this.#jobs.set(job.id, job);
      if (isFinal(job.status)) this.#ended.add(job.id);
    }
    this.#restorable = [];
    this.#forgetOldest();
    this.#schedule();
  }

  submit<State>(type: JobType<State>, state: State, submission: JobSubmission): string {
    const job = newJob(type, state, submission, this.#now());
    this.#jobs.set(job.id, job);
    this.#options.log.info(`New job ${job.id} of type ${type.type}, priority ${job.priority}`);
    this.#options.observe?.("Submitted", job.id);
    this.#save.now();
    this.#schedule();
    return job.id;
  }

  finished(id: string): Promise<JobInfo> {
    const job = this.#jobs.get(id);
    if (job === undefined) return Promise.reject(new ServerError("InexistentItem", `There is no job ${id}`));
    if (isFinal(job.status)) return Promise.resolve(jobInfo(job, this.#now()));
    const { promise, resolve } = Promise.withResolvers<JobInfo>();
    this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
    return promise;
  }

  list(): readonly JobInfo[] {
    const now = this.#now();
    return [...this.#jobs.values()].map((job) => jobInfo(job, now));
  }

  get(id: string): JobInfo | undefined {
    const job = this.#jobs.get(id);
    return job === undefined ? undefined : jobInfo(job, this.#now());
  }

  pause(id: string): boolean {
    return this.#act(id, "pause");
  }

  resume(id: string): boolean {
    return this.#act(id, "resume");
  }

  cancel(id: string): boolean {
    return this.#act(id, "cancel", { name: "CanceledJob", details: "" });
  }

  resubmit(id: string): boolean {
    const job = this.#jobs.get(id);
    if (job === undefined || !this.#act(id, "resubmit")) return false;
    job.state = job.type.restart?.(job.state) ?? job.state;
    job.progress = 0;
    job.completionTime = undefined;
    return true;
  }

  output(id: string, key: string): JobOutput | undefined {
    const job = this.#jobs.get(id);
    return job?.type.output?.(job.state, key);
  }

  remove(id: string): boolean {
    if (!this.#ended.has(id)) return false;
    this.#forget(id);
    this.#save.now();
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#save.flush();
    const attempts = [...this.#jobs.values()].flatMap((job) => job.attempt ?? []);
    // A step may take minutes; the next start does it again.
    for (const { controller } of attempts) controller.abort(new ServerError("CanceledJob", "the server stops"));
    await Promise.all(this.#pulled.values());
    await Promise.all(attempts.map((attempt) => finishAttempt(attempt, this.#options.log)));
    await this.#save.flush();
  }

  #act(id: string, event: JobEvent, error?: JobError): boolean {
    const job = this.#jobs.get(id);
    if (job === undefined || this.#closed || !this.#change(job, event, error)) return false;
    this.#schedule();
    return true;
  }

  /** The one door through which a job changes its state. False when the table refuses. */
  #change(job: JobRecord, event: JobEvent, error?: JobError): boolean {
    const next = nextJobState(job.status, event);
    if (next === undefined) return false;
    const now = this.#now();
    job.runtime = runtimeOf(job, now);
    job.runningSince = next === "Running" ? now : undefined;
    job.status = next;
    job.error = error;
    if (isFinal(next)) this.#end(job, now);
    else this.#ended.delete(job.id);
    this.#save.now();
    return true;
  }

  #end(job: JobRecord, now: number): void {
    const { attempt } = job;
    job.completionTime = now;
    job.attempt = undefined;
    if (attempt !== undefined) {
      if (job.status === "Failure") attempt.controller.abort(new ServerError("CanceledJob"));
      void finishAttempt(attempt, this.#options.log);
    }
    if (job.status === "Success") job.progress = 1;
    this.#options.log.info(`Job ${job.id} has ended: ${job.status}${job.error ? ` (${job.error.name})` : ""}`);
    const waiting = this.#waiting.get(job.id) ?? [];
    this.#waiting.delete(job.id);
    for (const resolve of waiting) resolve(jobInfo(job, now));
    this.#options.observe?.(job.status === "Success" ? "Success" : "Failure", job.id);
    this.#ended.add(job.id);
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const id of this.#ended) {
      if (this.#ended.size <= this.#options.historySize) return;
      this.#forget(id);
    }
  }

  #forget(id: string): void {
    const job = this.#jobs.get(id);
    this.#ended.delete(id);
    this.#jobs.delete(id);
    job?.type.forget?.(job.state);
  }

  #schedule(): void {
    while (!this.#closed && this.#pulled.size < this.#concurrent) {
      const job = this.#nextPending();
      if (job === undefined) return;
      this.#change(job, "start");
      // In a later turn: a generator that fails at once must find its own entry to delete.
      const pulling = Promise.resolve().then(() => this.#pull(job));
      this.#pulled.set(job, pulling);
    }
  }

  /** Highest priority first, then the oldest; not one whose former step is still in flight. */
  #nextPending(): JobRecord | undefined {
    let best: JobRecord | undefined;
    for (const job of this.#jobs.values()) {
      const ready = job.status === "Pending" && !this.#pulled.has(job);
      if (ready && (best === undefined || job.priority > best.priority)) best = job;
    }
    return best;
  }

  /** Pulls the job's generator until it ends, or until something else than Running is asked of the job. */
  async #pull(job: JobRecord): Promise<void> {
    const attempt = (job.attempt ??= beginAttempt(job.type, job.state));
    try {
      while (job.status === "Running" && !this.#closed) {
        const step = await attempt.steps.next();
        if (job.attempt !== attempt) return;
        this.#rejoin(job);
        if (step.done) {
          this.#change(job, "succeed");
          return;
        }
        job.state = step.value.state;
        job.progress = step.value.fraction;
        this.#save.soon();
      }
    } catch (cause) {
      if (job.attempt === attempt && !this.#closed) this.#fail(job, cause);
    } finally {
      this.#pulled.delete(job);
      this.#schedule();
    }
  }

  /** A job paused and resumed during one step never gave its place back: it goes on without queueing. */
  #rejoin(job: JobRecord): void {
    if (job.status === "Pending") this.#change(job, "start");
  }

  #fail(job: JobRecord, cause: unknown): void {
    const error = jobErrorOf(cause);
    this.#rejoin(job);
    this.#options.log.error(`Job ${job.id} (${job.type.type}) has failed: ${error.name} ${error.details}`, { cause });
    this.#change(job, "fail", error);
  }

  #render(): string {
    const now = this.#now();
    const jobs = [...this.#jobs.values()].map((job) => savedJob(job, now));
    return renderSavedJobs([...this.#restorable, ...jobs]);
  }

  #readSaved(text: string | undefined): readonly SavedJob[] {
    const jobs = text === undefined ? [] : parseSavedJobs(text);
    if (jobs === undefined) this.#options.log.warn("The saved jobs cannot be read: starting without them");
    return jobs ?? [];
  }
}
