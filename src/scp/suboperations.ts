import type { ResponseCommand } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";

/** Counts the C-STORE sub-operations of C-MOVE and C-GET (PS3.7 §9.1.3.1.6 and following). */
export class Suboperations {
  #remaining: number;
  #completed = 0;
  #warning = 0;
  readonly #failed: string[] = [];

  constructor(count: number) {
    this.#remaining = count;
  }

  /** SOP Instance UIDs of those that failed. */
  get failed(): readonly string[] {
    return this.#failed;
  }

  /** One ended with a status of the receiver; undefined: it failed before. */
  end(SOPInstanceUID: string, status: number | undefined): void {
    this.#remaining -= 1;
    if (status === statuses.success) this.#completed += 1;
    else if (status !== undefined && isWarning(status)) this.#warning += 1;
    else this.#failed.push(SOPInstanceUID);
  }

  /** A pending response. */
  pending(): ResponseCommand {
    return { ...this.#counts(statuses.pending), NumberOfRemainingSuboperations: this.#remaining };
  }

  /** The final response after a C-CANCEL. */
  cancelled(): ResponseCommand {
    return { ...this.#counts(statuses.cancelled), NumberOfRemainingSuboperations: this.#remaining };
  }

  /** The final response (PS3.4 §C.4.2.1.5, §C.4.3.1.4). */
  done(): ResponseCommand {
    const succeeded = this.#completed + this.#warning;
    if (this.#failed.length > 0 && succeeded === 0) return this.#counts(statuses.unableToPerformSuboperations);
    const isClean = this.#failed.length === 0 && this.#warning === 0;
    return this.#counts(isClean ? statuses.success : statuses.suboperationsFailed);
  }

  /** The final response when one failure ends all: what remains has failed too. */
  abandoned(): ResponseCommand {
    const counts = this.#counts(statuses.unableToProcess);
    return { ...counts, NumberOfFailedSuboperations: this.#failed.length + this.#remaining };
  }

  #counts(Status: number): ResponseCommand {
    return {
      Status,
      NumberOfCompletedSuboperations: this.#completed,
      NumberOfFailedSuboperations: this.#failed.length,
      NumberOfWarningSuboperations: this.#warning,
    };
  }
}

/** PS3.7 §C.1.2: the instance was stored, though not as it was sent. */
function isWarning(status: number): boolean {
  return status >> 12 === 0xb;
}
