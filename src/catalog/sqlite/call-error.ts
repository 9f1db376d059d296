import { errorTable, ServerError, type ErrorName } from "../../util/errors.ts";
import type { CallError } from "./executor.ts";

function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorTable, name);
}

/** Takes an error apart, so that it can go to another thread. */
export function describeError(error: unknown): CallError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, serverError: undefined };
  const serverError = error instanceof ServerError ? { name: error.errorName, details: error.details } : undefined;
  return { message: error.message, stack: error.stack, serverError };
}

/** The error of another thread: the same `ServerError`, or `Database` with the original as its cause. */
export function restoreError({ message, stack, serverError }: CallError): ServerError {
  if (serverError !== undefined && isErrorName(serverError.name))
    return new ServerError(serverError.name, serverError.details);
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  const isFull = message.includes("database or disk is full");
  return new ServerError(isFull ? "FullStorage" : "Database", message, { cause });
}
