import { ServerError } from "../util/errors.ts";
import type { Clock } from "./clock.ts";
import type { DicomWebClient } from "./dicomweb-client.ts";
import { errorMessage, remoteFailure } from "./remote-failure.ts";

/** How a long-running operation is watched. Milliseconds. */
export const operationPolicy = { firstDelay: 250, maximumDelay: 5_000, timeout: 300_000 };

/** Bytes of an answer to DELETE or of an operation's state. */
const answerLimit = 1_048_576;

export interface RemoteDeleteParts {
  readonly client: DicomWebClient;
  readonly clock: Clock;
  readonly policy?: typeof operationPolicy;
}

/**
 * Deletes `path` (`studies/…`) on a server, and waits for the end of the operation where the server answers with one, as
 * Google does for studies and series: until then new instances would be refused.
 * @throws RemoteFailure for a refusal, NetworkProtocol for a failed operation, Timeout when it does not end
 */
export async function deleteRemote(
  parts: RemoteDeleteParts,
  server: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const response = await parts.client.send(server, { method: "DELETE", path, signal });
  if (response.status < 200 || response.status > 299) {
    throw await remoteFailure(`DELETE ${path} on "${server}"`, response);
  }
  const name = operationName(await response.text(answerLimit));
  const url = name === undefined ? undefined : operationUrl(parts.client.server(server).url, name);
  if (url !== undefined) {
    await operationDone(parts, server, url, signal);
  }
}

/** The name in `{"name": "projects/…/operations/…"}`; undefined when the answer is something else. */
export function operationName(body: string): string | undefined {
  const name = asObject(body)["name"];
  return typeof name === "string" && /^projects\/[\w/:.-]+\/operations\/[\w.-]+$/.test(name) && !name.includes("..")
    ? name
    : undefined;
}

/** `https://host/v1/projects/P/…/dicomWeb/` and `projects/P/…/operations/1` → `https://host/v1/projects/P/…/operations/1`. */
export function operationUrl(serverUrl: string, name: string): string | undefined {
  const projects = serverUrl.indexOf("/projects/");
  return projects === -1 ? undefined : serverUrl.slice(0, projects + 1) + name;
}

async function operationDone(
  { client, clock, policy = operationPolicy }: RemoteDeleteParts,
  server: string,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = clock.now() + policy.timeout;
  for (let delay = policy.firstDelay; ; delay = Math.min(delay * 2, policy.maximumDelay)) {
    const response = await client.get(server, url, signal);
    if (response.status !== 200) {
      throw await remoteFailure(`operation ${url}`, response);
    }
    const body = await response.text(answerLimit);
    const operation = asObject(body);
    if (operation["done"] === true) {
      if (operation["error"] !== undefined) {
        throw new ServerError("NetworkProtocol", `operation ${url} failed: ${errorMessage(body)}`);
      }
      return;
    }
    if (clock.now() + delay > deadline) {
      throw new ServerError("Timeout", `operation ${url} is not done after ${policy.timeout / 1000} s`);
    }
    await clock.sleep(delay, signal);
  }
}

function asObject(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
