import { BatchedThread } from "../../util/batched-thread.ts";
import { ServerError } from "../../util/errors.ts";
import type { Arguments, Result } from "../sql-catalog/acts.ts";
import { restoreError } from "./call-error.ts";
import type { Executor, SentOutcome } from "./executor.ts";
import { type OutgoingCall, createPacking } from "./packed-calls.ts";

export interface ThreadExecutorOptions {
  /** A module that serves the calls of a connection. */
  readonly module: URL;
  /** What it is started with. */
  readonly data: unknown;
  /** Hears of trouble that concerns no single call. */
  readonly notice: (text: string) => void;
}

/** Carries out acts in a thread; those that come together travel together, and writing ones share one flush (group commit). */
export class ThreadExecutor<Acts> implements Executor<Acts> {
  readonly #thread: BatchedThread<OutgoingCall, SentOutcome>;

  constructor(options: ThreadExecutorOptions) {
    this.#thread = new BatchedThread({ ...options, pack: createPacking() });
  }

  call<Name extends keyof Acts & string>(name: Name, ...values: Arguments<Acts[Name]>): Promise<Result<Acts[Name]>> {
    return this.callWithBytes(name, [], ...values);
  }

  /** A call with bytes, which arrive as one piece and stay until it is answered. */
  async callWithBytes<Name extends keyof Acts & string>(
    name: Name,
    bytes: readonly Uint8Array[],
    ...values: Arguments<Acts[Name]>
  ): Promise<Result<Acts[Name]>> {
    const outcome = await this.#thread.run({ name, values, bytes }).catch((error: unknown) => {
      throw new ServerError("Database", error instanceof Error ? error.message : String(error), { cause: error });
    });
    if ("error" in outcome) throw restoreError(outcome.error);
    return ("json" in outcome ? JSON.parse(outcome.json) : outcome.value) as Result<Acts[Name]>;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
