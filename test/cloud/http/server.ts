import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ServerCertificate } from "../certificate-authority.ts";
import { injectAfter, injectBefore, type FaultWorld } from "../faults/effects.ts";
import type { FaultList } from "../faults/fault-list.ts";
import { Interruption } from "../faults/interruption.ts";
import type { LiveSettings } from "../settings.ts";
import type { Exchange, Reply, Row } from "./exchange.ts";
import { GoogleError, googleErrorReply, htmlNotFound } from "./google-error.ts";
import type { Journal, JournalEntry, JournalWriter } from "./journal.ts";
import { createRouter } from "./router.ts";
import { sendReply } from "./send-reply.ts";

/** What the server needs to answer. */
export interface ServerParts {
  readonly rows: readonly Row[];
  readonly journal: Journal;
  readonly faults: FaultList;
  readonly world: FaultWorld;
  readonly settings: LiveSettings;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens with TLS at `port` (0: any) of the loopback interface. */
export async function listen(certificate: ServerCertificate, port: number, parts: ServerParts): Promise<RunningServer> {
  const answer = createAnswerer(parts);
  const server = createServer({ key: certificate.privateKey, cert: certificate.certificate });
  server.on("request", (request, response) => void answer(request, response));
  // Uploads and faults may take any time.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 240_000;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { port: portOf(server), close: () => shut(server, sockets) };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

async function shut(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function createAnswerer(parts: ServerParts): Answerer {
  const route = createRouter(parts.rows);
  const connections = new WeakMap<Socket, Connection>();
  let opened = 0;
  const connectionOf = (socket: Socket): Connection => {
    const connection = connections.get(socket) ?? { number: ++opened, requests: 0 };
    connections.set(socket, connection);
    connection.requests += 1;
    return connection;
  };
  return async (request, response) => {
    const url = new URL(request.url ?? "/", "https://localhost");
    const match = route(request.method ?? "GET", url.pathname);
    const { journal } = parts;
    const connection = connectionOf(request.socket);
    const start = { route: match?.row.route ?? "unknown", method: request.method ?? "GET" } as const;
    const writer = journal.open({
      ...start,
      path: request.url ?? "/",
      headers: request.headers,
      connection: connection.number,
    });
    const aborter = new AbortController();
    response.once("close", () => {
      aborter.abort();
      writer.close();
    });
    const exchange: Exchange = {
      ...start,
      url,
      headers: request.headers,
      parameters: match?.parameters ?? {},
      body: writer.measure(request.iterator({ destroyOnReturn: false })),
      reusedConnection: connection.requests > 1,
      signal: aborter.signal,
    };
    await serve(parts, exchange, { row: match?.row, request, response, writer });
  };
}

interface Connection {
  readonly number: number;
  requests: number;
}

interface Served {
  readonly row: Row | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly writer: JournalWriter;
}

async function serve(parts: ServerParts, exchange: Exchange, served: Served): Promise<void> {
  const { request, response, writer } = served;
  try {
    const reply = await reach(parts, exchange, served.row, writer.entry);
    writer.entry.status = reply.status;
    const date = new Date(parts.settings.now() + parts.settings.current().dateOffset * 1000);
    await sendReply(response, reply, { date, entry: writer.entry });
    // Node only discards what was not read of a body that nobody began to read.
    request.resume();
  } catch {
    // Cut on purpose, or the client went away: there is nobody to tell.
    writer.entry.status = response.headersSent ? writer.entry.status : 0;
    request.socket.destroy();
  }
}

/** The reply of the row with the faults of this request; throws `Interruption` when the connection shall be cut. */
async function reach(
  parts: ServerParts,
  exchange: Exchange,
  row: Row | undefined,
  entry: JournalEntry,
): Promise<Reply> {
  const faults = parts.faults.take(exchange);
  entry.faults.push(...faults.map((fault) => fault.type));
  try {
    let hit = exchange;
    for (const fault of faults) hit = await injectBefore(fault, hit, parts.world);
    let reply = await handled(row, hit, parts.settings);
    for (const fault of faults) reply = await injectAfter(fault, reply, hit);
    return reply;
  } catch (error) {
    if (error instanceof Interruption && error.reply !== undefined) return error.reply;
    throw error;
  }
}

async function handled(row: Row | undefined, exchange: Exchange, settings: LiveSettings): Promise<Reply> {
  if (row === undefined) return htmlNotFound;
  try {
    return await row.handle(exchange);
  } catch (error) {
    if (error instanceof GoogleError) return googleErrorReply(error, settings.current().errorsAsArray);
    if (error instanceof Interruption || exchange.signal.aborted) throw error;
    console.error(`${exchange.method} ${exchange.url.pathname}:`, error);
    return googleErrorReply(new GoogleError("INTERNAL", "Internal error encountered."));
  }
}
