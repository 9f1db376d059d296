import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { ServerError } from "../util/errors.ts";
import { acceptAssociation, type AcceptedConnection } from "./accept-association.ts";
import { createDatasetMemory } from "./dataset-memory.ts";
import type { DicomListenerOptions, Listen } from "./listen.ts";
import { withOwnMemory } from "./own-memory.ts";
import { acceptorTlsOptions } from "./tls-options.ts";

/** Milliseconds of silence after which the system asks whether the other side is still there. */
const keepAliveInitialDelay = 60_000;

/** Listens for associations. Throws `DicomPortInUse`, `NetworkProtocol` for a bad address, `SslInitialization`. */
export const listen: Listen = async (options) => {
  const connections = new Set<AcceptedConnection>();
  const sockets = new Set<Socket>();
  const memory = createDatasetMemory();
  const server = createServer(options, {
    connected(socket) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    },
    ready(socket) {
      const connection = acceptAssociation(socket, plainAddress(socket.remoteAddress ?? ""), { ...options, memory });
      connections.add(connection);
      void connection.ended.then(() => connections.delete(connection));
    },
  });
  await startListening(server, options);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    get associations() {
      return connections.size;
    },
    async close(seconds) {
      const deadline = setTimeout(() => connections.forEach(stop), seconds * 1000);
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await Promise.all([...connections].map((connection) => finish(connection)));
      clearTimeout(deadline);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

async function finish(connection: AcceptedConnection): Promise<void> {
  await Promise.race([connection.whenIdle(), connection.ended]);
  stop(connection);
  await connection.ended;
}

function stop(connection: AcceptedConnection): void {
  connection.disconnect("The server stops");
}

/** Who hears of connections. */
interface ConnectionUser {
  /** It is there; with TLS, there is no session yet. */
  readonly connected: (socket: Socket) => void;
  /** An association can be requested on it. */
  readonly ready: (socket: Socket) => void;
}

function createServer({ tls, log, artim }: DicomListenerOptions, { connected, ready }: ConnectionUser): Server {
  const settings = { noDelay: true, keepAlive: true, keepAliveInitialDelay };
  if (tls === undefined) {
    return createTcpServer({ ...settings, pauseOnConnect: true }, (accepted) => {
      const socket = withOwnMemory(accepted);
      connected(socket);
      ready(socket);
    });
  }
  const tlsSettings = { ...settings, ...acceptorTlsOptions(tls), handshakeTimeout: artim * 1000 };
  const server = createTlsServer(tlsSettings, ready);
  server.on("connection", connected);
  server.on("tlsClientError", (error, socket) => {
    log.warn(`No TLS session with ${socket.remoteAddress}: ${error.message}`);
  });
  return server;
}

/** Without the prefix that IPv4 addresses have on a socket for both. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}

function startListening(server: Server, { port, bindAddress, log }: DicomListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { code?: string }): void => reject(listenError(error, port, bindAddress));
    server.once("error", fail);
    server.listen({ port, ...(bindAddress !== undefined && { host: bindAddress }) }, () => {
      server.off("error", fail);
      server.on("error", (error) => log.error(`DICOM server: ${error.message}`));
      resolve();
    });
  });
}

function listenError(error: Error & { code?: string }, port: number, host: string | undefined): ServerError {
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  const isTaken = error.code === "EADDRINUSE" || error.code === "EACCES";
  const details = `DicomPort: cannot listen on ${where} (${error.code ?? error.message})`;
  return new ServerError(isTaken ? "DicomPortInUse" : "NetworkProtocol", details, { cause: error });
}
