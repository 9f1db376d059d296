import type { HttpRequest, Method, Reply, Route } from "../src/http/route.ts";
import { ServerError } from "../src/util/errors.ts";

/** What a test got from a route. */
export interface CalledReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly bytes: Buffer;
  readonly text: () => string;
  readonly json: () => unknown;
}

export interface CallOptions {
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Calls the route of a table that `target` (`METHOD /path?query`) leads to, without a server: for tests. A
 * `ServerError` becomes its status, with the error's name and details as JSON; no route is an error of the test.
 */
export async function callRoute(
  routes: readonly Route[],
  target: string,
  { body = "", headers = {} }: CallOptions = {},
): Promise<CalledReply> {
  const [method = "", address = ""] = target.split(" ", 2);
  const url = new URL(address, "http://localhost");
  for (const route of mostSpecificFirst(routes)) {
    const parameters = route.method === method ? match(route.path, url.pathname) : undefined;
    if (parameters === undefined) continue;
    const request: HttpRequest = {
      method: route.method,
      path: url.pathname,
      parameters,
      query: method === "GET" ? url.searchParams : new URLSearchParams(),
      headers,
      body: bodyOf(body),
      remoteIp: "127.0.0.1",
      username: undefined,
      secure: false,
      signal: new AbortController().signal,
    };
    return readReply(await replyOf(route, request));
  }
  throw new Error(`No route for ${target}`);
}

function mostSpecificFirst(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted((a, b) => a.path.split("{").length - b.path.split("{").length);
}

function match(path: string, requested: string): Record<string, string> | undefined {
  const pattern = path.replaceAll(/\{(\w+)(\.\.\.)?\}/g, (_, name: string, rest?: string) =>
    rest === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  const groups = new RegExp(`^${pattern}/?$`).exec(requested);
  if (groups === null) return undefined;
  return Object.fromEntries(
    Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
}

async function replyOf(route: Route, request: HttpRequest): Promise<Reply> {
  try {
    return await route.handle(request);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { status: error.row.http, body: JSON.stringify({ error: error.errorName, details: error.details }) };
  }
}

async function readReply({ status = 200, headers = {}, type, body = "" }: Reply): Promise<CalledReply> {
  const bytes =
    typeof body === "string" || body instanceof Uint8Array
      ? Buffer.from(body)
      : Buffer.concat(await Array.fromAsync(body));
  return {
    status,
    headers,
    type,
    bytes,
    text: () => bytes.toString("utf8"),
    json: () => JSON.parse(bytes.toString("utf8")) as unknown,
  };
}

async function* bodyOf(body: string | Uint8Array): AsyncGenerator<Buffer, void, void> {
  await Promise.resolve();
  if (body.length > 0) yield Buffer.from(body);
}

/** The methods a table answers at a path, for tests of what is served. */
export function methodsAt(routes: readonly Route[], path: string): readonly Method[] {
  return routes.filter((route) => route.path === path).map(({ method }) => method);
}
