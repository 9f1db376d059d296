import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { ByteSource } from "../util/byte-source.ts";
import { createSpareMemory } from "../util/spare-memory.ts";
import type { Reply } from "./route.ts";

/** Statuses that have no body, and no `Content-Length` either (RFC 9110 §6.4.1). */
const bodiless = new Set([204, 304]);

/** What happens to the connection after the answer: `linger` lets the client finish sending what nobody wants, then closes. */
export type After = "keep" | "close" | "linger";

/** How long, in milliseconds, a client may be silent, and how much, in bytes, it may go on sending after it was refused. */
const lingerTime = 5000;
const lingerSize = 256 * 1024 * 1024;

/**
 * Sends `reply`, streams with back-pressure; resolves when the last byte is handed over or the client has gone. Rejects
 * while nothing is sent yet, so that the error can still be answered; a stream that breaks later rejects with `BrokenAnswer`.
 */
export async function sendReply(response: ServerResponse, reply: Reply, after: After): Promise<void> {
  const { body = "" } = reply;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return sendSource(response, reply, body, after);
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  writeHead(response, reply, length, after);
  if (after !== "linger") {
    response.end(body);
    return;
  }
  if (length > 0) response.write(body);
  else response.flushHeaders();
  endAfterRequest(response);
}

/** The status line was out already when `cause` happened. */
export class BrokenAnswer extends Error {
  override readonly name = "BrokenAnswer";

  constructor(cause: unknown) {
    super("The answer was cut off", { cause });
  }
}

/** Bytes of the largest body that is sent in one piece. */
const pieceSize = 1 << 20;
const memory = createSpareMemory(pieceSize, 8);

async function sendSource(response: ServerResponse, reply: Reply, body: ByteSource, after: After): Promise<void> {
  const { readInto } = body;
  const { length } = reply;
  if (readInto === undefined || length === undefined || length > pieceSize || after === "linger") {
    await sendStream(response, reply, body, after);
    return;
  }
  const piece = memory.take();
  const bytes = piece.subarray(0, length);
  const size = await readInto(bytes);
  if (size !== length) throw wrongLength(size, length);
  writeHead(response, reply, length, after);
  // Called when the system has taken the bytes, which a client may keep it from for as long as it likes.
  response.end(bytes, () => void memory.giveBack(piece));
}

function wrongLength(found: number, expected: number): Error {
  return new Error(`The body has ${found} bytes instead of ${expected}`);
}

async function sendStream(
  response: ServerResponse,
  reply: Reply,
  body: AsyncIterable<Uint8Array>,
  after: After,
): Promise<void> {
  const chunks = body[Symbol.asyncIterator]();
  // Until the first chunk is there, an error can still become an answer.
  const first = await chunks.next();
  writeHead(response, reply, reply.length, after);
  try {
    const sent = await sendChunks(response, chunks, first);
    if (sent !== undefined && reply.length !== undefined && sent !== reply.length)
      throw wrongLength(sent, reply.length);
    response.end();
  } catch (error) {
    response.destroy();
    throw new BrokenAnswer(error);
  }
}

/** The number of bytes sent; undefined when the client went away before the end. */
async function sendChunks(
  response: ServerResponse,
  chunks: AsyncIterator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
): Promise<number | undefined> {
  let sent = 0;
  for (let result = first; result.done !== true; result = await chunks.next()) {
    sent += result.value.length;
    if (!response.write(result.value)) await drained(response);
    if (response.destroyed) {
      await chunks.return?.();
      return undefined;
    }
  }
  return sent;
}

/** Resolves when more can be written, or when nobody listens any more. */
function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

function writeHead(response: ServerResponse, reply: Reply, length: number | undefined, after: After): void {
  const { status = 200 } = reply;
  const headers: OutgoingHttpHeaders = { "X-Content-Type-Options": "nosniff" };
  if (reply.type !== undefined) headers["Content-Type"] = reply.type;
  if (length !== undefined && !bodiless.has(status)) headers["Content-Length"] = length;
  if (after !== "keep") headers["Connection"] = "close";
  response.writeHead(status, reply.headers === undefined ? headers : { ...headers, ...reply.headers });
}

/**
 * Closing a socket that the client still writes to resets it, and the client may lose the answer: so the rest of the
 * request is thrown away for a while first. The client knows from `Content-Length` that the answer is complete.
 */
function endAfterRequest(response: ServerResponse): void {
  const message = response.req;
  let size = 0;
  const end = () => {
    clearTimeout(timer);
    message.off("data", count);
    response.end();
  };
  const count = (chunk: Buffer) => {
    size += chunk.length;
    timer.refresh();
    if (size > lingerSize) end();
  };
  const timer = setTimeout(end, lingerTime);
  message.on("data", count).once("end", end).once("close", end).resume();
}
