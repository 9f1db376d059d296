import type { IncomingHttpHeaders } from "node:http";
import type { ByteSource } from "../util/byte-source.ts";

/** The methods of Orthanc's REST API. */
export type RestMethod = "GET" | "POST" | "PUT" | "DELETE";

/** Those that WebDAV adds (RFC 4918 §9). */
export type WebDavMethod = "HEAD" | "OPTIONS" | "PROPFIND" | "PROPPATCH" | "LOCK" | "UNLOCK" | "MKCOL";

export type Method = RestMethod | WebDavMethod;

/** One argument of a route, for the handler's documentation and for OpenAPI. */
export interface RouteParameter {
  readonly name: string;
  readonly in: "query" | "body" | "header";
  readonly type: "string" | "number" | "boolean" | "array" | "object";
  readonly summary: string;
}

/** One row of the route table: everything about a route, in one place. */
export interface Route {
  readonly method: Method;
  /** Like `/instances/{id}/tags`; a last segment `{path...}` takes the rest of the path. */
  readonly path: string;
  /** Heading in the documentation. */
  readonly tag: string;
  readonly summary: string;
  readonly parameters?: readonly RouteParameter[];
  /** Changes what the archive holds: left out of the table when `ReadOnly` is set. */
  readonly writes?: true;
  /** Answers the request; what it throws becomes the error answer. */
  handle(request: HttpRequest): Reply | Promise<Reply>;
}

/** A request after limits, authentication and routing. */
export interface HttpRequest {
  readonly method: Method;
  /** Path as sent, still percent-encoded, without the query string. */
  readonly path: string;
  /** Decoded path variables. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Query arguments; empty for other methods than GET (Orthanc ignores them there). */
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as sent, its size checked while it flows; consumed once. */
  readonly body: AsyncIterable<Buffer>;
  readonly remoteIp: string;
  /** Name from Basic credentials, also when authentication is off; undefined without. */
  readonly username: string | undefined;
  /** Was the connection itself TLS. */
  readonly secure: boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** A part of this server that asks itself; absent for clients. */
  readonly asker?: "Lua";
}

/** What a handler returns; the server negotiates, compresses and sends it. */
export interface Reply {
  /** 200 when absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `Content-Type`. */
  readonly type?: string;
  readonly body?: string | Uint8Array | ByteSource;
  /** Size of a streamed body where known; without it the connection is chunked. */
  readonly length?: number;
}
