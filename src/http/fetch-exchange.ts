import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { ChunkQueue, type PushingSource } from "../util/chunk-queue.ts";
import type { ClientResponse, OutgoingBody } from "./client.ts";
import { fetchResponse } from "./fetch-response.ts";
import { IdleTimer } from "./idle-timer.ts";
import { NetworkError, networkError } from "./network-error.ts";

/** One request as it goes out, credentials included. */
export interface OutgoingExchange {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: OutgoingBody | undefined;
  readonly signal: AbortSignal | undefined;
  /** Seconds without progress; 0: for ever. */
  readonly timeout: number;
  /** Host and port of the proxy, for messages. */
  readonly proxy: string | undefined;
}

type Phase = "connecting" | "sending the request" | "waiting for the answer" | "receiving the answer";

/** Larger bodies in memory are sent in pieces, so that progress can be seen. */
const pieceSize = 256 * 1024;

/**
 * One request and its answer on undici's lowest level, which tells each step: that makes a timeout of progress possible, and
 * lets an answer be seen that comes while the body is still being sent.
 */
export class FetchExchange implements Dispatcher.DispatchHandler, PushingSource {
  readonly #outgoing: OutgoingExchange;
  readonly #host: string;
  readonly #timer: IdleTimer;
  readonly #queue = new ChunkQueue(this);
  readonly #answer = Promise.withResolvers<ClientResponse>();
  readonly #onAbort = () => this.#cancel(this.#outgoing.signal?.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #phase: Phase = "connecting";
  #answered = false;
  /** A streamed body; undici sends the headers with its first chunk. */
  #streamed = false;
  #bodyStarted = false;
  /** Why this side gave up, or what its own body failed with. */
  #reason: { readonly error: unknown } | undefined;

  constructor(outgoing: OutgoingExchange) {
    this.#outgoing = outgoing;
    this.#host = outgoing.url.host;
    this.#timer = new IdleTimer(outgoing.timeout, () => this.#cancel(this.#timedOut()));
  }

  /** The other side cannot have seen anything of the request. */
  get nothingSent(): boolean {
    return this.#phase === "connecting" || (this.#streamed && !this.#bodyStarted);
  }

  /** Sends the request; the answer, or a NetworkError, the signal's reason, or the error of the body. */
  run(agent: Dispatcher): Promise<ClientResponse> {
    const { url, method, headers, signal } = this.#outgoing;
    signal?.throwIfAborted();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#timer.expect();
    const path = url.pathname + url.search;
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
    try {
      agent.dispatch({ origin: url.origin, path, method, headers, body: this.#body(), ...timeouts }, this);
    } catch (error) {
      this.#fail(error);
    }
    return this.#answer.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason !== undefined) {
      controller.abort(new Error("Given up before it began"));
      return;
    }
    this.#phase = "sending the request";
    this.#timer.expect();
  }

  onRequestSent(): void {
    if (this.#phase === "sending the request") this.#phase = "waiting for the answer";
    this.#timer.expect();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#controller = controller;
    // 102, 103: the real one is still to come.
    if (status < 200) return;
    this.#phase = "receiving the answer";
    this.#answered = true;
    this.#timer.expect();
    this.#answer.resolve(fetchResponse(status, joined(headers), this.#queue, this.#host));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#timer.expect();
    this.#queue.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish();
    this.#queue.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  pause(): void {
    this.#timer.hold();
    this.#controller?.pause();
  }

  resume(): void {
    this.#timer.expect();
    this.#controller?.resume();
  }

  /** The reader of the answer has had enough. */
  cancel(): void {
    this.#cancel(new NetworkError("http", `${this.#host}: the rest of the answer was not wanted`));
  }

  #body(): Readable | Buffer | null {
    const { body } = this.#outgoing;
    if (body === undefined) return null;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    if (typeof bytes !== "function" && bytes.length <= pieceSize) {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#streamed = true;
    const chunks = this.#sending(typeof bytes === "function" ? bytes : () => pieces(bytes));
    // undici takes any async iterable as a body (docs/api/Dispatcher.md), its types know streams only.
    return chunks as unknown as Readable;
  }

  /** Between two chunks the source is working; while one is out, the network is. */
  async *#sending(chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    try {
      this.#hold();
      for await (const chunk of chunks()) {
        this.#bodyStarted = true;
        this.#timer.expect();
        yield chunk;
        this.#hold();
      }
    } catch (error) {
      this.#reason ??= { error };
      throw error;
    }
  }

  #hold(): void {
    if (!this.#answered) this.#timer.hold();
  }

  #cancel(error: unknown): void {
    this.#reason ??= { error };
    this.#fail(error);
    this.#controller?.abort(error instanceof Error ? error : new Error("Given up", { cause: error }));
  }

  #fail(error: unknown): void {
    this.#finish();
    const { proxy } = this.#outgoing;
    const shown = this.#reason === undefined ? networkError(error, this.#host, proxy) : this.#reason.error;
    this.#answer.reject(shown);
    this.#queue.fail(shown);
  }

  #finish(): void {
    this.#timer.stop();
    this.#outgoing.signal?.removeEventListener("abort", this.#onAbort);
  }

  #timedOut(): NetworkError {
    return new NetworkError(
      "timeout",
      `${this.#host}: no progress for ${this.#outgoing.timeout} s while ${this.#phase}`,
    );
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let start = 0; start < bytes.length; start += pieceSize) yield bytes.subarray(start, start + pieceSize);
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
