import { Buffer } from "node:buffer";
import { Socket, type OnReadOpts } from "node:net";

/** Bytes that are read at a time: what several P-DATA-TF have by default, and what a processor keeps near. */
const readSize = 32 * 1024;

/**
 * Has a connection read into the same memory again and again, where Node.js would take 64 KB of fresh memory for each read: that is a third of the
 * CPU that receiving takes. The bytes of a `data` event are there until the event is over, no longer. `socket` is asked when bytes have come.
 */
export function readingAgain(socket: () => Socket): OnReadOpts {
  const buffer = Buffer.allocUnsafeSlow(readSize);
  const callback = (length: number): boolean => {
    socket().emit("data", buffer.subarray(0, length));
    return true;
  };
  return { buffer, callback };
}

/** What Node.js keeps in a socket, and takes back in its constructor; it is in no documentation. */
interface Handed {
  _handle?: object | null;
}

/**
 * A connection that a server has accepted, still paused, as one that reads into the same memory. Node.js offers that to who connects only, so the
 * system's handle is given to a socket that is made anew; where there is no such handle, the accepted socket is answered.
 */
export function withOwnMemory(accepted: Socket): Socket {
  const { _handle: handle } = accepted as Handed;
  if (handle === undefined || handle === null) return accepted;
  const socket: Socket = new Socket({ handle, onread: readingAgain(() => socket) } as object);
  (accepted as Handed)._handle = null;
  accepted.destroy();
  return socket;
}
