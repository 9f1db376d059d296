import type { Arguments, Result } from "../sql-catalog/acts.ts";
import { restoreError } from "./call-error.ts";
import type { Call, Executor, Outcome } from "./executor.ts";

/** Carries out acts at once, on the caller's thread: a catalog in memory has nothing to wait for. */
export class LocalExecutor<Acts> implements Pick<Executor<Acts>, "call"> {
  readonly #run: (calls: readonly Call[]) => readonly Outcome[];

  constructor(run: (calls: readonly Call[]) => readonly Outcome[]) {
    this.#run = run;
  }

  async call<Name extends keyof Acts & string>(
    name: Name,
    ...values: Arguments<Acts[Name]>
  ): Promise<Result<Acts[Name]>> {
    const [outcome] = this.#run([{ name, values }]);
    if (outcome === undefined) throw new TypeError(`the act ${name} gave no outcome`);
    if ("error" in outcome) throw restoreError(outcome.error);
    return outcome.value as Result<Acts[Name]>;
  }
}
