import type { Reply } from "./exchange.ts";
import { jsonReply } from "./exchange.ts";

/** The canonical codes that a DICOM store answers, with their HTTP status (google.rpc.Code). */
const statusTable = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type GoogleStatus = keyof typeof statusTable;

/** Thrown by handlers; answered as `{"error": {code, message, status}}`. */
export class GoogleError extends Error {
  override readonly name = "GoogleError";
  readonly status: GoogleStatus;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: GoogleStatus, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The error frame of a `GoogleError`; `array` wraps it in `[…]`, as some of Google's methods do. */
export function googleErrorReply(error: GoogleError, array = false): Reply {
  const code = statusTable[error.status];
  const frame = { error: { code, message: error.message, status: error.status } };
  const reply = jsonReply(array ? [frame] : frame, code);
  return { ...reply, headers: { ...reply.headers, ...error.headers } };
}

/** The frame for a bare HTTP status, with the canonical code it belongs to. */
export function googleStatusReply(code: number, array: boolean): Reply {
  const status = Object.entries(statusTable).find(([, http]) => http === code)?.[0] ?? "UNKNOWN";
  const frame = { error: { code, message: cannedMessages[code] ?? "Injected by the emulator.", status } };
  const reply = jsonReply(array ? [frame] : frame, code);
  return code === 401 ? { ...reply, headers: { ...reply.headers, ...invalidToken } } : reply;
}

export const invalidToken = {
  "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
};

export const invalidTokenMessage =
  "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid " +
  "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

export const missingTokenMessage =
  "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid " +
  "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/** Google's text when a quota is used up. */
export function quotaMessage(projectNumber: string): string {
  return (
    "Quota exceeded for quota metric 'DICOMweb operations' and limit 'DICOMweb operations per minute per region' of " +
    `service 'healthcare.googleapis.com' for consumer 'project_number:${projectNumber}'.`
  );
}

const cannedMessages: Readonly<Record<number, string>> = {
  401: invalidTokenMessage,
  403: "The caller does not have permission",
  429: quotaMessage("123456789012"),
  500: "Internal error encountered.",
  503: "The service is currently unavailable.",
  504: "Deadline expired before operation could complete.",
};

/** What Google's front end answers for a path it does not know. */
export const htmlNotFound: Reply = {
  status: 404,
  headers: { "content-type": "text/html; charset=UTF-8" },
  body: "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p>The requested URL was not found on this server.\n",
};

/** What Google's front end answers when the service behind it fails. */
export function htmlError(status: number): Reply {
  return {
    status,
    headers: { "content-type": "text/html; charset=UTF-8" },
    body: `<!DOCTYPE html>\n<html lang=en>\n<title>Error ${status} (Server Error)!!1</title>\n<p>That's an error.\n`,
  };
}
