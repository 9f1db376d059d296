import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ServerError } from "../../util/errors.ts";
import type { Arguments, Result } from "../sql-catalog/acts.ts";
import { restoreError } from "./call-error.ts";
import type { Call, Executor, Outcome } from "./executor.ts";
import type { SqliteWorkerData } from "./sqlite-worker.ts";

interface Waiting extends Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries out acts in a thread. Calls that come while the thread is busy wait, and go to it together: in a writing thread
 * they share one transaction and one flush (group commit).
 */
export class ThreadExecutor<Acts> implements Executor<Acts> {
  readonly #worker: Worker;
  #waiting: Waiting[] = [];
  #running: readonly Waiting[] = [];
  #scheduled = false;
  #failure: ServerError | undefined;
  #idle: (() => void) | undefined;

  constructor(data: SqliteWorkerData) {
    this.#worker = new Worker(new URL("sqlite-worker.ts", import.meta.url), { workerData: data });
    this.#worker.on("message", (outcomes: readonly Outcome[]) => this.#settle(outcomes));
    this.#worker.on("error", (error) => this.#fail(error));
  }

  call<Name extends keyof Acts & string>(name: Name, ...values: Arguments<Acts[Name]>): Promise<Result<Acts[Name]>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.push({ name, values, resolve, reject });
      this.#schedule();
    }) as Promise<Result<Acts[Name]>>;
  }

  /** Waits for what was called before, then ends the thread. */
  async close(): Promise<void> {
    if (this.#failure !== undefined) return;
    if (this.#running.length + this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    if (this.#failure !== undefined) return;
    this.#failure = new ServerError("Database", "the catalog is closed");
    const exit = once(this.#worker, "exit");
    this.#worker.postMessage("close", []);
    await exit;
  }

  /** Calls of the same turn of the event loop go together. */
  #schedule(): void {
    if (this.#scheduled || this.#running.length > 0 || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#running = this.#waiting;
      this.#waiting = [];
      const calls = this.#running.map(({ name, values }): Call => ({ name, values }));
      this.#worker.postMessage(calls, []);
    });
  }

  #settle(outcomes: readonly Outcome[]): void {
    const settled = this.#running;
    this.#running = [];
    for (const [at, { resolve, reject }] of settled.entries()) {
      const outcome = outcomes[at];
      if (outcome === undefined || "error" in outcome)
        reject(
          outcome === undefined
            ? new ServerError("Database", "the catalog's thread gave no answer")
            : restoreError(outcome.error),
        );
      else resolve(outcome.value);
    }
    this.#schedule();
    if (this.#running.length + this.#waiting.length === 0) this.#idle?.();
  }

  #fail(error: unknown): void {
    this.#failure =
      error instanceof ServerError
        ? error
        : new ServerError("Database", error instanceof Error ? error.message : String(error), { cause: error });
    for (const { reject } of [...this.#running, ...this.#waiting]) reject(this.#failure);
    this.#running = [];
    this.#waiting = [];
    this.#idle?.();
  }
}
