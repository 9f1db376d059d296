import type { ClientResponse } from "../http/client.ts";
import { ServerError } from "../util/errors.ts";

/** Bytes read of an error's body. */
const bodyLimit = 65_536;
/** Characters of it that are repeated in our own error. */
const messageLimit = 500;

/** A remote server answered with a status that is no success. */
export class RemoteFailure extends ServerError {
  readonly status: number;
  /** The header as sent. */
  readonly retryAfter: string | undefined;

  constructor(details: string, response: Pick<ClientResponse, "status" | "headers">) {
    super(response.status === 404 ? "UnknownResource" : "NetworkProtocol", details);
    this.status = response.status;
    this.retryAfter = response.headers["retry-after"];
  }
}

/** Reads what the server says in a refused request; `what` names the request. The body is consumed. */
export async function remoteFailure(what: string, response: ClientResponse): Promise<RemoteFailure> {
  const message = errorMessage(await bodyText(response));
  return new RemoteFailure(`${what}: HTTP status ${response.status}${message === "" ? "" : `: ${message}`}`, response);
}

async function bodyText(response: ClientResponse): Promise<string> {
  try {
    return await response.text(bodyLimit);
  } catch {
    // The status alone says what happened; a body that is too long or cut off must not hide it.
    return "";
  }
}

/**
 * The sentence in an error's body: Google's `{"error": {"status", "message"}}` (also as the first item of an array), Orthanc's
 * `{"Message", "Details"}`, plain text, or the text of XML and HTML.
 */
export function errorMessage(body: string): string {
  return shorten(jsonMessage(body) ?? body.replaceAll(/<(style|script)\b[^]*?<\/\1>|<[^>]*>/gi, " "));
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > messageLimit ? `${line.slice(0, messageLimit)}…` : line;
}

function jsonMessage(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = field(first, "error") ?? first;
  const words = [field(error, "status"), field(error, "message") ?? field(error, "Message"), field(error, "Details")];
  const texts = words.filter((word) => typeof word === "string" && word !== "");
  return texts.length === 0 ? undefined : texts.join(": ");
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
