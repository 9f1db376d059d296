import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { HttpRequest, Method } from "./route.ts";

/** What the server has found out about a request before its handler runs. */
export interface RequestFacts {
  readonly method: Method;
  readonly path: string;
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly username: string | undefined;
  readonly body: AsyncIterable<Buffer>;
}

/** The request as handlers see it. What most of them never look at is made on demand. */
export class IncomingRequest implements HttpRequest {
  readonly method: Method;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
  readonly username: string | undefined;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #query: string;
  #parsedQuery: URLSearchParams | undefined;
  #abort: AbortController | undefined;

  constructor(message: IncomingMessage, response: ServerResponse, facts: RequestFacts) {
    this.#message = message;
    this.#response = response;
    this.#query = facts.method === "GET" ? facts.query : "";
    this.method = facts.method;
    this.path = facts.path;
    this.parameters = facts.parameters;
    this.headers = message.headers;
    this.body = facts.body;
    this.username = facts.username;
  }

  get query(): URLSearchParams {
    this.#parsedQuery ??= new URLSearchParams(this.#query);
    return this.#parsedQuery;
  }

  get remoteIp(): string {
    return remoteIp(this.#message);
  }

  get secure(): boolean {
    return this.#message.socket instanceof TLSSocket;
  }

  get signal(): AbortSignal {
    this.#abort ??= abortedOnDisconnect(this.#response);
    return this.#abort.signal;
  }
}

/** The address of the client; IPv4 as such, also on a socket that serves both. */
export function remoteIp(message: IncomingMessage): string {
  return (message.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

function abortedOnDisconnect(response: ServerResponse): AbortController {
  const controller = new AbortController();
  const check = () => {
    if (!response.writableFinished) controller.abort(new Error("The client has gone away"));
  };
  if (response.closed) check();
  else response.once("close", check);
  return controller;
}
