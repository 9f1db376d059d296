import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** An answer as it came: no redirection followed, nothing decompressed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: () => string;
  readonly json: () => unknown;
}

export interface AskOptions {
  /** Sent as it is; an object that is neither bytes nor a stream is sent as JSON. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificates of TLS. */
  readonly tls?: Pick<RequestOptions & { ca?: string; cert?: string; key?: string }, "ca" | "cert" | "key">;
}

const timeout = 30_000;

/**
 * Sends `METHOD /path?query` to the server at `base`; the path goes out as it is written, dots and all. Fails when no
 * whole answer has come within 30 s.
 */
export async function ask(base: string, target: string, options: AskOptions = {}): Promise<Answer> {
  const [method = "", path = ""] = target.split(" ", 2);
  const { protocol, hostname, port, pathname } = new URL(base);
  const send = protocol === "https:" ? httpsRequest : httpRequest;
  const body = bodyOf(options.body);
  // Node announces no length for the body of a DELETE.
  const length = body instanceof Readable || body === undefined ? {} : { "content-length": body.length };
  const request = send({
    method,
    hostname,
    port,
    path: (pathname === "/" ? "" : pathname) + path,
    headers: { ...length, ...options.headers },
    signal: AbortSignal.timeout(timeout),
    ...options.tls,
  });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  if (body instanceof Readable) void pipeline(body, request).catch(() => request.destroy());
  else request.end(body);
  const [response] = await answered;
  const bytes = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    text: () => bytes.toString("utf8"),
    json: () => JSON.parse(bytes.toString("utf8")) as unknown,
  };
}

/** Asks, and gives the JSON of an answer that has to be a success, of a shape that the test knows. */
export async function askJson<T>(base: string, target: string, options: AskOptions = {}): Promise<T> {
  const { status, text, json } = await ask(base, target, options);
  if (status !== 200) throw new Error(`${target} answered ${status}: ${text()}`);
  return json() as T;
}

function bodyOf(body: AskOptions["body"]): Uint8Array | Readable | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  return Symbol.asyncIterator in body ? Readable.from(body, { objectMode: false }) : Buffer.from(JSON.stringify(body));
}
