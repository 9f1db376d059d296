import { connect } from "node:net";
import { createHttpServer, defaultHttpServerOptions, type HttpServerOptions } from "../src/http/server.ts";
import type { Method, Reply, HttpRequest, Route } from "../src/http/route.ts";
import { noLog, type Log } from "../src/util/log.ts";

/** A server of some routes on a port of its own, for tests. */
export interface TestServer {
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** Sends bytes as they are and resolves with everything that came until the server closed the connection. */
  raw(...pieces: readonly (string | Buffer)[]): Promise<string>;
  close(): Promise<void>;
}

export async function startServer(
  routes: readonly Route[],
  options: Partial<HttpServerOptions> = {},
  log: Log = noLog,
): Promise<TestServer> {
  const server = await createHttpServer({ ...defaultHttpServerOptions, closeTimeout: 2, ...options }, routes, log);
  return {
    port: server.port,
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${server.port}`,
    raw: (...pieces) => raw(server.port, pieces),
    close: () => server.close(),
  };
}

/** A row of the route table. */
export function route(method: Method, path: string, handle: (request: HttpRequest) => Reply | Promise<Reply>): Route {
  return { method, path, tag: "Test", summary: "A route of a test", handle };
}

function raw(port: number, pieces: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("close", () => {
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
    socket.on("error", reject);
    for (const piece of pieces) socket.write(piece);
  });
}
