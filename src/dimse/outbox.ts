import type { Duplex } from "node:stream";

/** Bytes that are written at once rather than kept for the end of the turn. */
const fullAt = 256 * 1024;
/** Parts below this size are cheaper to copy together than to hand to the system one by one. */
const small = 4 * 1024;

/**
 * What is to be sent, in order. All that is added in one turn of the event loop goes out in one system call: a command with
 * the beginning of its dataset, a run of pending responses.
 */
export class Outbox {
  readonly #socket: Duplex;
  #parts: Uint8Array[] = [];
  #size = 0;
  #scheduled = false;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
    const drained = (): void => {
      this.#drained?.resolve();
      this.#drained = undefined;
    };
    socket.on("drain", drained);
    socket.on("close", drained);
  }

  /** The other side does not take what was sent. */
  get isBlocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  add(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.#parts.push(part);
      this.#size += part.length;
    }
    if (this.#size >= fullAt) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      process.nextTick(() => this.flush());
    }
  }

  /** Undefined when more may be added now; else to be awaited. It also resolves when the connection closes. */
  room(): Promise<void> | undefined {
    if (!this.#socket.writableNeedDrain || this.#socket.destroyed) return undefined;
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  flush(): void {
    const parts = this.#parts;
    const size = this.#size;
    this.#parts = [];
    this.#size = 0;
    this.#scheduled = false;
    if (size === 0 || !this.#socket.writable) return;
    this.#socket.cork();
    for (const part of joinSmall(parts)) this.#socket.write(part);
    this.#socket.uncork();
  }
}

/** The same bytes, with neighbours that are small put together. */
export function joinSmall(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const out: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  const endRun = (): void => {
    const [first] = run;
    if (first !== undefined) out.push(run.length === 1 ? first : Buffer.concat(run));
    run = [];
  };
  for (const part of parts) {
    if (part.length < small) run.push(part);
    else {
      endRun();
      out.push(part);
    }
  }
  endRun();
  return out;
}
