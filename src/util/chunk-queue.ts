import type { Admit, Gatherable, Gathered } from "./gather.ts";

/** The pushing end of a `ChunkQueue`: a socket, mostly. */
export interface PushingSource {
  /** Called before the first chunk is awaited. */
  start?(): void;
  pause(): void;
  resume(): void;
  /** The reader has stopped before the end. */
  cancel(): void;
  /** Nobody needs the bytes of a chunk any more. Whether their memory is used again. */
  release?(chunk: Buffer): boolean;
}

/** Bytes waiting before the source is paused: a few reads of a socket. */
const highWaterMark = 256 * 1024;
const lowWaterMark = 64 * 1024;

/** What a chunk costs beside its bytes. */
const chunkOverhead = 256;

type Result = IteratorResult<Buffer, undefined>;

/** The reader waits for all chunks at once. */
interface Gathering extends PromiseWithResolvers<Gathered> {
  readonly admit: Admit;
  readonly chunks: Buffer[];
}

/**
 * Pushed chunks as an async iterable, with back-pressure and without copying: `Readable`'s own iterator joins chunks.
 * For one reader, once.
 */
export class ChunkQueue implements AsyncIterable<Buffer>, AsyncIterator<Buffer, undefined>, Gatherable {
  readonly #source: PushingSource;
  #chunks: Buffer[] = [];
  #size = 0;
  #started = false;
  #paused = false;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #waiting: PromiseWithResolvers<Result> | undefined;
  #gathering: Gathering | undefined;

  constructor(source: PushingSource) {
    this.#source = source;
  }

  /** Whether somebody has begun to read. */
  get started(): boolean {
    return this.#started;
  }

  push(chunk: Buffer): void {
    if (this.#ended || this.#isGathered(chunk)) return;
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
    this.#gathering?.resolve(this.#whole(this.#gathering.chunks));
    this.#gathering = undefined;
    this.#waiting?.resolve({ value: undefined, done: true });
    this.#waiting = undefined;
  }

  /** The reader gets the chunks that are waiting, then `error`; one that gathers gets the error. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const reader = this.#gathering ?? this.#waiting;
    if (reader === undefined) this.#failure = { error };
    else reader.reject(error);
    this.#gathering = undefined;
    this.#waiting = undefined;
  }

  next(): Promise<Result> {
    this.#start();
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#taken(chunk.length + chunkOverhead);
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.#failure !== undefined) return this.#failed();
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** A chunk that `admit` refuses is the next to be read. Meanwhile the source is not paused. */
  gather(admit: Admit): Promise<Gathered> {
    this.#start();
    const chunks: Buffer[] = [];
    for (const [at, chunk] of this.#chunks.entries()) {
      if (admit(chunk.length)) chunks.push(chunk);
      else {
        this.#chunks = this.#chunks.slice(at);
        this.#taken(sizeOf(chunks));
        return Promise.resolve({ chunks, isWhole: false });
      }
    }
    this.#chunks = [];
    if (this.#failure !== undefined) return this.#failed();
    if (this.#ended) return Promise.resolve(this.#whole(chunks));
    this.#gathering = { ...Promise.withResolvers<Gathered>(), admit, chunks };
    this.#taken(this.#size);
    return this.#gathering.promise;
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

  #whole(chunks: readonly Buffer[]): Gathered {
    const release = (): number => {
      let released = 0;
      for (const chunk of chunks) {
        const { length } = chunk;
        if (this.#source.release?.(chunk) === true) released += length;
      }
      return released;
    };
    return { chunks, isWhole: true, release };
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#source.start?.();
  }

  #failed(): Promise<never> {
    const error = this.#failure?.error;
    this.#failure = undefined;
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- whatever the source failed with
    return Promise.reject(error);
  }

  #isGathered(chunk: Buffer): boolean {
    const gathering = this.#gathering;
    if (gathering === undefined) return false;
    if (gathering.admit(chunk.length)) {
      gathering.chunks.push(chunk);
      return true;
    }
    this.#gathering = undefined;
    gathering.resolve({ chunks: gathering.chunks, isWhole: false });
    return false;
  }

  #taken(size: number): void {
    this.#size -= size;
    if (this.#paused && this.#size <= lowWaterMark) {
      this.#paused = false;
      this.#source.resume();
    }
  }
}

function sizeOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((size, { length }) => size + length + chunkOverhead, 0);
}
