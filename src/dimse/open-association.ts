import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Associate, AssociationRequest } from "./connect.ts";
import { readingAgain } from "./own-memory.ts";
import { requestAssociation } from "./request-association.ts";
import { requestorTlsOptions } from "./tls-options.ts";

/** Opens a connection and an association on it. Throws `AssociationError`, and `SslInitialization` for unusable TLS options. */
export const associate: Associate = async (request) => {
  const socket = openSocket(request);
  const requesting = requestAssociation(socket, () => socket.remoteAddress ?? "", request);
  socket.once(request.tls === undefined ? "connect" : "secureConnect", () => requesting.connected());
  return requesting.association;
};

function openSocket({ host, port, tls }: AssociationRequest): Socket {
  const socket: Socket =
    tls === undefined
      ? connectTcp({ host, port, onread: readingAgain(() => socket) })
      : connectTls({ host, port, ...requestorTlsOptions(tls) });
  return socket.setNoDelay(true).setKeepAlive(true);
}
