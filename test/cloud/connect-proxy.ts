import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A running proxy. */
export interface ConnectProxy {
  /** For the option `HttpProxy`. */
  readonly url: string;
  /** `host:port` of every tunnel that was asked for, oldest first. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/** Starts an HTTP proxy that knows CONNECT only (RFC 9110 §9.3.6); with `credentials`, `name:password`, it asks for them. */
export async function startConnectProxy(credentials?: string): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Duplex>();
  const expected = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connection", (socket: Socket) => remember(sockets, socket));
  server.on("connect", (request, client, head) => {
    tunnels.push(request.url ?? "");
    if (expected !== undefined && request.headers["proxy-authorization"] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
      return;
    }
    const target = new URL(`http://${request.url}`);
    const upstream = connect(Number(target.port || "80"), target.hostname, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    remember(sockets, upstream);
    upstream.once("error", () => client.destroy());
    client.once("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function remember(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}
