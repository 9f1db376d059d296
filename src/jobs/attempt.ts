import type { Log } from "../util/log.ts";
import type { JobType, Progress } from "./job.ts";

/** One running of a job's generator; a resubmitted job gets a new one, a paused one keeps it. */
export interface Attempt {
  readonly controller: AbortController;
  readonly steps: AsyncGenerator<Progress<unknown>, void, void>;
}

/** Nothing runs before the first step is pulled. */
export function beginAttempt(type: JobType<unknown>, state: unknown): Attempt {
  const controller = new AbortController();
  return { controller, steps: type.run(state, controller.signal) };
}

/** Lets the generator run its `finally` blocks, after the step that may still be in flight. */
export async function finishAttempt({ steps }: Attempt, log: Log): Promise<void> {
  try {
    await steps.return();
  } catch (cause) {
    log.warn("A job failed while it was being stopped", { cause });
  }
}
