import { BatchedThread } from "../../util/batched-thread.ts";
import { ServerError } from "../../util/errors.ts";
import type { Arguments, Result } from "../sql-catalog/acts.ts";
import { restoreError } from "./call-error.ts";
import type { Call, Executor, SentOutcome } from "./executor.ts";
import type { SqliteWorkerData } from "./sqlite-worker.ts";

/** Carries out acts in a thread; those that come together share one transaction and one flush (group commit). */
export class ThreadExecutor<Acts> implements Executor<Acts> {
  readonly #thread: BatchedThread<Call, SentOutcome>;

  constructor(data: SqliteWorkerData) {
    this.#thread = new BatchedThread({
      module: new URL("sqlite-worker.ts", import.meta.url),
      data,
      pack: (calls) => ({ message: calls, transfer: [] }),
    });
  }

  async call<Name extends keyof Acts & string>(
    name: Name,
    ...values: Arguments<Acts[Name]>
  ): Promise<Result<Acts[Name]>> {
    const outcome = await this.#thread.run({ name, values }).catch((error: unknown) => {
      throw new ServerError("Database", error instanceof Error ? error.message : String(error), { cause: error });
    });
    if ("error" in outcome) throw restoreError(outcome.error);
    return ("json" in outcome ? JSON.parse(outcome.json) : outcome.value) as Result<Acts[Name]>;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
