import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Watches the connections of a server: which are stuck, and which sent something that is not HTTP. */
export interface Connections {
  /** `response` is the one that `socket` is waiting for. */
  readonly serving: (socket: Socket, response: ServerResponse) => void;
  /** No byte has passed for the time of `HttpRequestTimeout`. */
  readonly onTimeout: (socket: Socket) => void;
  readonly onClientError: (error: Error & { code?: string }, socket: Socket) => void;
}

/** Statuses for what the parser rejects; anything else is 400. */
const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

export function createConnections(): Connections {
  const current = new WeakMap<Socket, ServerResponse>();
  return {
    serving: (socket, response) => {
      current.set(socket, response);
    },
    onTimeout: (socket) => {
      const response = current.get(socket);
      // A handler may think as long as it likes; asked for again, the timer starts anew.
      if (response !== undefined && isOurTurn(response)) socket.setTimeout(socket.timeout ?? 0);
      else socket.destroy();
    },
    onClientError: (error, socket) => {
      const response = current.get(socket);
      const isAnswering = response !== undefined && response.headersSent && !response.writableFinished;
      if (!socket.writable || isAnswering) {
        socket.destroy();
        return;
      }
      const status = statuses[error.code ?? ""] ?? "400 Bad Request";
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
    },
  };
}

/** Whether it is this side that has something to do, so that silence is no fault of the client. */
function isOurTurn(response: ServerResponse): boolean {
  if (response.writableFinished) return false;
  if (response.headersSent) return !response.writableNeedDrain;
  return response.req.complete || isHeld(response.req);
}

/** Nobody has asked for more of the body. */
function isHeld(message: IncomingMessage): boolean {
  return message.isPaused() || message.readableFlowing === null;
}
