import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** What goes to the thread in one message. */
export interface Packed {
  readonly message: unknown;
  /** Memory that moves to the thread instead of being copied. */
  readonly transfer: ArrayBuffer[];
}

export interface BatchedThreadOptions<Item> {
  /** The module that the thread runs, built on `serveBatches`. */
  readonly module: URL;
  /** Its `workerData`. */
  readonly data: unknown;
  readonly pack: (items: readonly Item[]) => Packed;
  /** Hears what the thread has to say beside its outcomes. */
  readonly notice?: (text: string) => void;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread that deals with items in batches: those that come while it is busy wait, and go to it together. So one message, and
 * one flush to the disk, serves many, and a lone item does not wait for company. The thread starts with the first item.
 */
export class BatchedThread<Item, Outcome> {
  readonly #options: BatchedThreadOptions<Item>;
  #worker: Worker | undefined;
  #waiting: Waiting<Item, Outcome>[] = [];
  #running: readonly Waiting<Item, Outcome>[] = [];
  #isScheduled = false;
  #failure: Error | undefined;
  #idle: (() => void) | undefined;

  constructor(options: BatchedThreadOptions<Item>) {
    this.#options = options;
  }

  /** What the thread makes of the item. Rejects when the thread has died or was closed. */
  run(item: Item): Promise<Outcome> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Waits for the items that are there, then lets the thread end in order. */
  async close(): Promise<void> {
    if (this.#running.length + this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    if (this.#failure !== undefined) return;
    this.#failure = new Error("the thread is closed");
    const worker = this.#worker;
    if (worker === undefined) return;
    const exit = once(worker, "exit");
    worker.postMessage("close", []);
    await exit;
  }

  #start(): Worker {
    const worker = new Worker(this.#options.module, { workerData: this.#options.data });
    worker.on("message", (message: readonly Outcome[] | string) => {
      if (typeof message === "string") this.#options.notice?.(message);
      else this.#settle(message);
    });
    worker.on("error", (error) => this.#fail(error));
    return worker;
  }

  /** Items of the same turn of the event loop go together. */
  #schedule(): void {
    if (this.#isScheduled || this.#running.length > 0 || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#running = this.#waiting;
      this.#waiting = [];
      const { message, transfer } = this.#options.pack(this.#running.map(({ item }) => item));
      (this.#worker ??= this.#start()).postMessage(message, transfer);
    });
  }

  #settle(outcomes: readonly Outcome[]): void {
    const settled = this.#running;
    this.#running = [];
    for (const [at, outcome] of outcomes.entries()) settled[at]?.resolve(outcome);
    this.#schedule();
    if (this.#running.length + this.#waiting.length === 0) this.#idle?.();
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error));
    for (const { reject } of [...this.#running, ...this.#waiting]) reject(this.#failure);
    this.#running = [];
    this.#waiting = [];
    this.#idle?.();
  }
}
