/** The server's REST API, relative to the page at `/app/`, so that a proxy's sub-path needs no setting. */
const root = "../";

/** An answer that is no success, with the server's own explanation. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface ErrorBody {
  readonly Message?: unknown;
  readonly Details?: unknown;
}

/** Turns an error answer (Orthanc's error JSON, or anything) into one sentence. */
export function explain(status: number, body: string): string {
  const { Message, Details } = errorBody(body);
  const parts = [Message, Details].filter((part) => typeof part === "string" && part !== "");
  return parts.length > 0 ? parts.join(": ") : `The server answered ${status}`;
}

function errorBody(body: string): ErrorBody {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function unreachable(): ApiError {
  return new ApiError(0, "The server cannot be reached");
}

async function call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const request = fetch(root + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    ...(signal === undefined ? {} : { signal }),
  });
  const response = await request.catch((error: unknown) => {
    throw signal?.aborted === true ? error : unreachable();
  });
  if (!response.ok) throw new ApiError(response.status, explain(response.status, await response.text()));
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await call("GET", path, undefined, signal)).json()) as T;
}

export async function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await (await call("POST", path, body, signal)).json()) as T;
}

export async function post(path: string, body: unknown): Promise<void> {
  await call("POST", path, body);
}

export async function remove(path: string): Promise<void> {
  await call("DELETE", path);
}

/** The address of a download. */
export function href(path: string): string {
  return root + path;
}

/** What became of one uploaded instance. */
export interface StoredInstance {
  readonly ID: string;
  readonly Status: string;
}

/** Uploads one file to `/instances`, telling bytes sent as they go; a ZIP archive answers for each instance in it. */
export async function upload(file: File, onProgress: (sent: number) => void): Promise<readonly StoredInstance[]> {
  const answer = JSON.parse(await sendFile(file, onProgress)) as StoredInstance | readonly StoredInstance[];
  return "ID" in answer ? [answer] : answer;
}

/** `fetch` tells no progress of what it sends. */
function sendFile(file: File, onProgress: (sent: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${root}instances`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(request.responseText);
      else reject(new ApiError(request.status, explain(request.status, request.responseText)));
    });
    request.addEventListener("error", () => reject(unreachable()));
    request.send(file);
  });
}
