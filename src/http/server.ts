import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { createConnections } from "./connections.ts";
import { createServer as createPlainServer } from "./node-http.ts";
import { createRequestListener, type RequestRules } from "./request-listener.ts";
import type { Route } from "./route.ts";
import { serverTlsOptions, type ServerTls } from "./tls-options.ts";

export interface HttpServerOptions extends RequestRules {
  /** `HttpPort`; 0: the system chooses. */
  readonly port: number;
  /** `HttpBindAddresses`; empty: all interfaces. */
  readonly bindAddresses: readonly string[];
  /** `KeepAliveTimeout`, seconds. */
  readonly keepAliveTimeout: number;
  /** `HttpRequestTimeout`: seconds that a client may leave a transfer standing; 0: for ever. */
  readonly requestTimeout: number;
  /** `TcpNoDelay`. */
  readonly tcpNoDelay: boolean;
  /** Undefined: plain HTTP. */
  readonly tls?: ServerTls | undefined;
  /** Seconds that requests in flight get when the server closes. */
  readonly closeTimeout: number;
}

/** Orthanc's defaults, but without `RegisteredUsers` and on any port. */
export const defaultHttpServerOptions: HttpServerOptions = {
  port: 0,
  bindAddresses: [],
  keepAlive: true,
  keepAliveTimeout: 1,
  requestTimeout: 30,
  tcpNoDelay: true,
  closeTimeout: 10,
  maximumRequestBodySize: 8192 * 1024 * 1024,
  describeErrors: true,
  compression: false,
  remoteAccessAllowed: false,
  users: undefined,
  directories: [],
  before: [],
};

/** Larger than a read of a socket, so that uploads flow in whole reads instead of being paused after each. */
const bufferedPerStream = 256 * 1024;

/** Lists of frames and of UIDs make long URLs. */
const maximumHeaderSize = 64 * 1024;

export interface HttpServer {
  readonly port: number;
  /** Stops listening, lets requests in flight finish within `closeTimeout`, then ends what is left. */
  close(): Promise<void>;
}

/**
 * Listens. HttpPortInUse when a port is taken, SslInitialization when a certificate cannot be used; throws when two routes
 * contradict each other.
 */
export async function createHttpServer(
  options: HttpServerOptions,
  routes: readonly Route[],
  log: Log,
): Promise<HttpServer> {
  let closing = false;
  const listener = createRequestListener(options, routes, log, () => closing);
  const addresses = options.bindAddresses.length === 0 ? [undefined] : options.bindAddresses;
  const servers: Server[] = [];
  let { port } = options;
  try {
    for (const address of addresses) {
      const server = createServer(options, listener);
      port = await listen(server, port, address);
      servers.push(server);
    }
  } catch (error) {
    await Promise.all(servers.map((server) => closed(server, 0)));
    throw error;
  }
  return {
    port,
    close: async () => {
      closing = true;
      await Promise.all(servers.map((server) => closed(server, options.closeTimeout)));
    },
  };
}

function createServer(options: HttpServerOptions, listener: ReturnType<typeof createRequestListener>): Server {
  const settings = {
    keepAliveTimeout: options.keepAliveTimeout * 1000,
    headersTimeout: options.requestTimeout * 1000,
    // It would limit the whole upload; `timeout` below limits silence.
    requestTimeout: 0,
    noDelay: options.tcpNoDelay,
    highWaterMark: bufferedPerStream,
    maxHeaderSize: maximumHeaderSize,
  };
  const server =
    options.tls === undefined
      ? createPlainServer(settings)
      : createTlsServer({ ...settings, ...serverTlsOptions(options.tls) });
  const connections = createConnections();
  const serve = (expectsContinue: boolean) => (message: IncomingMessage, response: ServerResponse) => {
    connections.serving(message.socket, response);
    void listener(message, response, expectsContinue);
  };
  server.on("request", serve(false));
  server.on("checkContinue", serve(true));
  server.on("clientError", connections.onClientError);
  server.on("connect", (_message, socket) => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
  server.setTimeout(options.requestTimeout * 1000, connections.onTimeout);
  return server;
}

/** Resolves with the port once `server` listens. */
function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: Error & { code?: string }) => {
      reject(listenError(error, port, host));
    });
    server.listen({ port, host }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenError(error: Error & { code?: string }, port: number, host: string | undefined): ServerError {
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  const { code } = error;
  if (code === "EADDRINUSE" || code === "EACCES") {
    return new ServerError("HttpPortInUse", `HttpPort: ${where} (${code})`, { cause: error });
  }
  return new ServerError("NetworkProtocol", `HttpBindAddresses: cannot listen on ${where} (${code})`, { cause: error });
}

function closed(server: Server, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), seconds * 1000);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
