/** The server's REST API, relative to the page at `/app/`, so that a proxy's sub-path needs no setting. */
const root = "../";

/** An answer that is no success, with the server's own explanation. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface ErrorBody {
  readonly Message?: string;
  readonly Details?: string;
}

/** Turns an error answer (Orthanc's error JSON, or anything) into one sentence. */
export function explain(status: number, body: string): string {
  try {
    const error = JSON.parse(body) as ErrorBody;
    const sentence = [error.Message, error.Details].filter((part) => part !== undefined && part !== "").join(": ");
    if (sentence !== "") return sentence;
  } catch {
    // Not JSON: the status has to do.
  }
  return `The server answered ${status}`;
}

async function call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(root + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    ...(signal === undefined ? {} : { signal }),
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

/** Uploads one file to `/instances`, telling bytes sent as they go. */
export function upload(file: File, onProgress: (sent: number) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${root}instances`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else reject(new ApiError(request.status, explain(request.status, request.responseText)));
    });
    request.addEventListener("error", () => reject(new ApiError(0, "The connection was lost")));
    request.send(file);
  });
}
