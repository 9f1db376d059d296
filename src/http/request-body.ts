import type { IncomingMessage, ServerResponse } from "node:http";
import { ServerError } from "../util/errors.ts";
import { ChunkQueue, type PushingSource } from "../util/chunk-queue.ts";
import { HttpStatusError } from "./http-status-error.ts";

/** A body of up to this size that nobody reads is skipped, so that the connection can go on. */
const skippedAtMost = 1024 * 1024;

/** What becomes of the part of a body that no handler has read, when the answer is ready; "unsent" is still with the client. */
export type Unread = "nothing" | "skip" | "refuse" | "unsent";

/** The body of an incoming request: nothing is read, nor asked for by `100 Continue`, before a handler begins to read. */
export class RequestBody implements PushingSource, AsyncIterable<Buffer> {
  /** More bytes came than are allowed; the answer is 413 whatever the handler makes of it. */
  tooLarge = false;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #limit: number;
  readonly #queue: ChunkQueue;
  /** The client waits for `100 Continue`. */
  #expectsContinue: boolean;
  #received = 0;

  constructor(message: IncomingMessage, response: ServerResponse, limit: number, expectsContinue: boolean) {
    this.#message = message;
    this.#response = response;
    this.#limit = limit;
    this.#expectsContinue = expectsContinue;
    this.#queue = new ChunkQueue(this);
  }

  /** 413 for a body that is announced as too large. */
  checkLength(): void {
    if (announcedLength(this.#message) > this.#limit) throw new HttpStatusError(413);
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    if (this.#queue.started) throw new ServerError("BadSequenceOfCalls", "The body of a request can be read once");
    return this.#queue;
  }

  start(): void {
    if (this.#expectsContinue) this.#response.writeContinue();
    this.#expectsContinue = false;
    this.#message
      .on("data", (chunk: Buffer) => this.#receive(chunk))
      .on("end", () => this.#queue.end())
      .on("error", (cause) => this.#queue.fail(incomplete(cause)))
      .on("close", () => {
        if (!this.#message.complete) this.#queue.fail(incomplete());
      });
  }

  pause(): void {
    this.#message.pause();
  }

  resume(): void {
    this.#message.resume();
  }

  /** The reader has stopped: `unread` decides how to go on. */
  cancel(): void {
    this.#message.pause();
  }

  unread(): Unread {
    if (this.#message.complete) return "nothing";
    if (this.#expectsContinue) return "unsent";
    const length = announcedLength(this.#message);
    return length >= 0 && length - this.#received <= skippedAtMost ? "skip" : "refuse";
  }

  /** Lets what is left of the body pass. */
  skip(): void {
    this.#message.resume();
  }

  #receive(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received <= this.#limit) {
      this.#queue.push(chunk);
    } else if (!this.tooLarge) {
      this.tooLarge = true;
      this.#message.pause();
      this.#queue.fail(new HttpStatusError(413));
    }
  }
}

function incomplete(cause?: Error): ServerError {
  return new ServerError("BadRequest", "The body is incomplete", { cause });
}

/** `Content-Length`; -1 for a chunked body. */
function announcedLength(message: IncomingMessage): number {
  const length = message.headers["content-length"];
  return length === undefined ? -1 : Number(length);
}

/** Whether the request has a body at all (RFC 9112 §6.3). */
export function hasBody(message: IncomingMessage): boolean {
  const length = message.headers["content-length"];
  return length === undefined ? message.headers["transfer-encoding"] !== undefined : length !== "0";
}

/** The body of a request without one. */
export const noBody: AsyncIterable<Buffer> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ value: undefined, done: true }) }),
};
