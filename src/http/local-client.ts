import { ServerError } from "../util/errors.ts";
import { readJson } from "./body.ts";
import { parseTarget, routingPath } from "./request-target.ts";
import type { HttpRequest, Method, Reply, Route } from "./route.ts";
import { createRouter } from "./router.ts";

/** An answer of this server to itself. */
export interface LocalAnswer {
  readonly status: number;
  /** `Content-Type`, where there is one. */
  readonly type: string | undefined;
  readonly body: AsyncIterable<Buffer>;
  /** The whole body as JSON, instead of reading `body`. Throws `BadJson` when it is none. */
  json(): Promise<unknown>;
}

/**
 * Asks for `target` (`/path?query`) with a body: bytes and texts as they are, anything else as JSON. An answer without error is given
 * whatever its status (`404` for soft misses); the errors of handlers are thrown, as is `UnknownResource` for paths that lead nowhere.
 */
export type LocalClient = (
  method: Method,
  target: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<LocalAnswer>;

/** A client of the routes themselves: without network, authentication and conversions, and as the machine itself, or its scripts. */
export function createLocalClient(routes: readonly Route[], asker?: HttpRequest["asker"]): LocalClient {
  const router = createRouter(routes);
  return async (method, target, body, headers = {}) => {
    const { path, query } = parseTarget(target);
    const match = router(routingPath(path));
    if (match === undefined) throw new ServerError("UnknownResource", path);
    const route = match.routes.get(method);
    if (route === undefined) throw new ServerError("BadRequest", `${path} has ${match.allow} only, not ${method}`);
    const request: HttpRequest = {
      method,
      path,
      parameters: match.parameters,
      query: new URLSearchParams(method === "GET" ? query : ""),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      body: chunks(bytesOf(body)),
      remoteIp: "127.0.0.1",
      username: undefined,
      secure: false,
      signal: new AbortController().signal,
      ...(asker === undefined ? {} : { asker }),
    };
    return answerOf(await route.handle(request));
  };
}

function answerOf({ status = 200, type, body: content = "" }: Reply): LocalAnswer {
  const body = chunks(content);
  return { status, type, body, json: () => readJson({ body }) };
}

function bytesOf(body: unknown): string | Uint8Array {
  if (body === undefined) return "";
  return typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
}

async function* chunks(content: NonNullable<Reply["body"]>): AsyncGenerator<Buffer, void, void> {
  if (typeof content === "string") {
    if (content !== "") yield Buffer.from(content, "utf8");
    return;
  }
  const parts = content instanceof Uint8Array ? [content] : content;
  for await (const part of parts) yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}
