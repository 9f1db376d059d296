import { errorRow, ServerError, type ErrorName } from "../util/errors.ts";

/** Why a job of the DICOMweb client failed, kept in its state; null while it has not. */
export interface JobFailure {
  readonly name: ErrorName;
  readonly details: string;
}

/** What a job keeps of an error before it throws it. */
export function jobFailure(error: unknown): JobFailure {
  return error instanceof ServerError
    ? { name: error.errorName, details: error.details ?? "" }
    : { name: "InternalError", details: "" };
}

/** The failure as Orthanc's plugin prints it in the job's `Content`. */
export function failureContent(failure: JobFailure | null): Record<string, unknown> {
  if (failure === null) return {};
  const { code, text } = errorRow(failure.name);
  const details = failure.details === "" ? {} : { FunctionErrorDetails: failure.details };
  return { FunctionErrorCode: code, FunctionErrorDescription: text, ...details };
}
