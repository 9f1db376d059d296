import { ChunkQueue } from "../util/chunk-queue.ts";

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
  readonly #complete = Promise.withResolvers<void>();
  #isHolding = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#queue = new ChunkQueue({
      pause: () => {
        this.#isHolding = true;
        reading.hold();
      },
      resume: () => this.#letGo(),
      cancel: () => this.#letGo(),
    });
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

  push(bytes: Buffer, isLast: boolean): void {
    if (bytes.length > 0) this.#queue.push(bytes);
    if (!isLast) return;
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
