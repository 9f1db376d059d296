import type { Reads } from "../sql-catalog/acts.ts";
import type { Executor } from "./executor.ts";

/** Reads what has been stored, also when it was not committed yet. */
export interface CommittedReader extends Pick<Executor<Reads>, "call"> {
  /** To be called when something was stored. */
  stored(): void;
}

/** Has the thread that writes commit before something is read, when anything was stored since it did so last. */
export function committedReader(reader: Pick<Executor<Reads>, "call">, commit: () => Promise<void>): CommittedReader {
  let isCommitted = true;
  let committing: Promise<void> = Promise.resolve();
  return {
    async call(name, ...values) {
      if (!isCommitted) {
        isCommitted = true;
        // When it fails, of a full disk, what was committed before can still be read.
        committing = commit().catch(() => {});
      }
      await committing;
      return reader.call(name, ...values);
    },
    stored() {
      isCommitted = false;
    },
  };
}
