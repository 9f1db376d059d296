import type { Reads } from "../sql-catalog/acts.ts";
import type { Executor } from "./executor.ts";

type Reader = Pick<Executor<Reads>, "call">;

/** Has the thread that writes commit before something is read, when anything was stored since it did so last. */
export interface Commits {
  /** To be called when something was stored. */
  stored(): void;
  /** The reader, made to read what has been stored, also when it was not committed yet. */
  before(reader: Reader): Reader;
}

export function createCommits(commit: () => Promise<void>): Commits {
  let isCommitted = true;
  let committing: Promise<void> = Promise.resolve();
  return {
    stored() {
      isCommitted = false;
    },
    before: (reader) => ({
      async call(name, ...values) {
        if (!isCommitted) {
          isCommitted = true;
          // When it fails, of a full disk, what was committed before can still be read.
          committing = commit().catch(() => {});
        }
        await committing;
        return reader.call(name, ...values);
      },
    }),
  };
}
