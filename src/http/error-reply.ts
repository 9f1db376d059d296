import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { HttpStatusError } from "./http-status-error.ts";
import { jsonText } from "./json-text.ts";
import { STATUS_CODES } from "./node-http.ts";
import type { Reply } from "./route.ts";

export interface FailedRequest {
  readonly method: string;
  readonly path: string;
}

/** The answer to anything thrown: the row of a `ServerError` as Orthanc's error JSON; whatever else is our fault, logged and not shown. */
export function errorReply(error: unknown, request: FailedRequest, describe: boolean, log: Log): Reply {
  if (error instanceof HttpStatusError) return { status: error.status, body: "" };
  const shown = error instanceof ServerError ? error : new ServerError("InternalError");
  if (shown === error) {
    log.info(`${request.method} ${request.path}: ${shown.message}`, { cause: shown.cause });
  } else {
    log.error(`${request.method} ${request.path} failed unexpectedly`, { error });
  }
  const status = shown.row.http;
  if (!describe) return { status, body: "" };
  return { status, type: "text/plain", body: jsonText(description(shown, request)) };
}

/** Keys as Orthanc prints them. */
function description(error: ServerError, request: FailedRequest): object {
  return {
    ...(error.details === undefined ? {} : { Details: error.details }),
    ...(error.payload === undefined ? {} : { ErrorPayload: error.payload }),
    HttpError: STATUS_CODES[error.row.http] ?? "",
    HttpStatus: error.row.http,
    Message: error.row.text,
    Method: request.method,
    OrthancError: error.row.text,
    OrthancStatus: error.row.code,
    Uri: request.path,
  };
}
