import type { Log } from "../util/log.ts";
import { parseMediaType } from "./media-type.ts";
import { readMultipart, type Part } from "./multipart.ts";
import { empty } from "./reply.ts";
import type { HttpRequest, Reply, Route } from "./route.ts";

/** Whether a request is a form with files, as the upload page of a browser sends it. */
export function isFormUpload(request: HttpRequest): boolean {
  return request.method === "POST" && request.headers["content-type"]?.startsWith("multipart/form-data") === true;
}

/**
 * Posts each file of a form to the same route, one after the other, as if it had come alone. The answer is an empty 200
 * whatever became of the files, as in Orthanc: a browser's form has no use for more. What failed is in the log.
 */
export async function uploadForm(route: Route, request: HttpRequest, log: Log): Promise<Reply> {
  const { boundary = "" } = parseMediaType(request.headers["content-type"] ?? "").parameters;
  for await (const part of readMultipart(request.body, boundary)) {
    if (isFile(part)) await postFile(route, request, part, log);
  }
  return empty();
}

function isFile(part: Part): boolean {
  return "filename" in parseMediaType(part.headers["content-disposition"] ?? "").parameters;
}

async function postFile(route: Route, request: HttpRequest, part: Part, log: Log): Promise<void> {
  try {
    const reply = await route.handle(asRequest(request, part));
    await discard(reply);
  } catch (error) {
    log.error(`A file of a form posted to ${request.path} was not accepted`, { error });
  }
}

/** What a handler sees of one file. Methods of `request` stay its own: it has getters on private state. */
function asRequest(request: HttpRequest, part: Part): HttpRequest {
  const { "content-length": _length, "content-encoding": _encoding, ...headers } = request.headers;
  return {
    method: request.method,
    path: request.path,
    parameters: request.parameters,
    query: request.query,
    headers: { ...headers, "content-type": part.headers["content-type"] ?? "application/octet-stream" },
    body: part.body,
    remoteIp: request.remoteIp,
    username: request.username,
    secure: request.secure,
    signal: request.signal,
  };
}

/** A stream that is never read must be told so, for it may hold a file open. */
async function discard({ body }: Reply): Promise<void> {
  if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array)) {
    await body[Symbol.asyncIterator]().return?.();
  }
}
