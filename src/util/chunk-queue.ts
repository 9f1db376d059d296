/** The pushing end of a `ChunkQueue`: a socket, mostly. */
export interface PushingSource {
  /** Called before the first chunk is awaited. */
  start?(): void;
  pause(): void;
  resume(): void;
  /** The reader has stopped before the end. */
  cancel(): void;
}

/** Bytes waiting before the source is paused: a few reads of a socket. */
const highWaterMark = 256 * 1024;
const lowWaterMark = 64 * 1024;

/** What a chunk costs beside its bytes. */
const chunkOverhead = 256;

type Result = IteratorResult<Buffer, undefined>;

/**
 * Pushed chunks as an async iterable, with back-pressure and without copying: `Readable`'s own iterator joins chunks.
 * For one reader, once.
 */
export class ChunkQueue implements AsyncIterable<Buffer>, AsyncIterator<Buffer, undefined> {
  readonly #source: PushingSource;
  #chunks: Buffer[] = [];
  #size = 0;
  #started = false;
  #paused = false;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #waiting: PromiseWithResolvers<Result> | undefined;

  constructor(source: PushingSource) {
    this.#source = source;
  }

  /** Whether somebody has begun to read. */
  get started(): boolean {
    return this.#started;
  }

  push(chunk: Buffer): void {
    if (this.#ended) return;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      waiting.resolve({ value: chunk, done: false });
      return;
    }
    this.#chunks.push(chunk);
    this.#size += chunk.length + chunkOverhead;
    if (this.#size >= highWaterMark && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
  }

  end(): void {
    this.#ended = true;
    this.#waiting?.resolve({ value: undefined, done: true });
    this.#waiting = undefined;
  }

  /** The reader gets the chunks that are waiting, then `error`. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waiting === undefined) this.#failure = { error };
    else this.#waiting.reject(error);
    this.#waiting = undefined;
  }

  next(): Promise<Result> {
    if (!this.#started) {
      this.#started = true;
      this.#source.start?.();
    }
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#taken(chunk.length + chunkOverhead);
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- whatever the source failed with
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  return(): Promise<Result> {
    if (!this.#ended) this.#source.cancel();
    this.#chunks = [];
    this.#failure = undefined;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #taken(size: number): void {
    this.#size -= size;
    if (this.#paused && this.#size <= lowWaterMark) {
      this.#paused = false;
      this.#source.resume();
    }
  }
}
