import type { Arguments, Result } from "../sql-catalog/acts.ts";

/** Something that carries out acts by their name, in the order they are called. */
export interface Executor<Acts> {
  call<Name extends keyof Acts & string>(name: Name, ...values: Arguments<Acts[Name]>): Promise<Result<Acts[Name]>>;
  close(): Promise<void>;
}

/** One act to be carried out. */
export interface Call {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** A call as it arrives in a thread. */
export interface ReceivedCall extends Call {
  /** Empty for most. Not to be kept: the next calls may come in the same memory. */
  readonly bytes: Uint8Array;
}

/** What became of it. Errors are taken apart: what crosses threads loses its class. */
export type Outcome = { readonly value: unknown } | { readonly error: CallError };

/** An outcome on its way between threads: long answers travel as JSON, at half the price. */
export type SentOutcome = Outcome | { readonly json: string };

export interface CallError {
  readonly message: string;
  readonly stack: string | undefined;
  /** A `ServerError`'s name and details. */
  readonly serverError: { readonly name: string; readonly details: string | undefined } | undefined;
}
