import { ChunkQueue } from "../util/chunk-queue.ts";
import type { SpareMemory } from "../util/spare-memory.ts";
import { Pieces } from "./pieces.ts";

/** Who reads from the other side. */
export interface Reading {
  /** Stops reading until `letGo` was called as often. */
  hold(): void;
  letGo(): void;
}

/** The dataset of a request as it comes in: bounded, dropped when nobody wants it. */
export class IncomingDataset {
  readonly #reading: Reading;
  readonly #queue: ChunkQueue;
  readonly #pieces: Pieces;
  readonly #complete = Promise.withResolvers<void>();
  #isHolding = false;

  /** `memory`: of pieces of `pieceSize`. */
  constructor(reading: Reading, memory: SpareMemory) {
    this.#reading = reading;
    this.#queue = new ChunkQueue({
      pause: () => {
        this.#isHolding = true;
        reading.hold();
      },
      resume: () => this.#letGo(),
      cancel: () => this.#letGo(),
      release: (chunk) => memory.giveBack(chunk),
    });
    this.#pieces = new Pieces(memory, (piece) => this.#queue.push(piece));
  }

  get chunks(): AsyncIterable<Buffer> {
    return this.#queue;
  }

  /** Reading has stopped, because nobody takes what has come. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** The handler has begun to read. */
  get isRead(): boolean {
    return this.#queue.started;
  }

  /** Resolves when the last byte has come, or never will. */
  get complete(): Promise<void> {
    return this.#complete.promise;
  }

  /** `bytes` are copied. */
  push(bytes: Buffer, isLast: boolean): void {
    this.#pieces.add(bytes);
    if (!isLast) return;
    this.#pieces.end();
    this.#queue.end();
    this.#complete.resolve();
  }

  /** Drops what is there and what will come. */
  async discard(): Promise<void> {
    await this.#queue.return();
    this.#letGo();
  }

  fail(error: Error): void {
    this.#queue.fail(error);
    this.#complete.resolve();
  }

  #letGo(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#reading.letGo();
  }
}
