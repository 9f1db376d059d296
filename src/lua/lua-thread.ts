import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import type { CallbackName, FromThread, HostRequest, LuaData, LuaResult, ToThread } from "./protocol.ts";

export interface LuaThreadParts {
  /** Answers what scripts ask; what it throws is the script's to see. */
  readonly answer: (request: HostRequest) => Promise<LuaData>;
  readonly log: Log;
}

interface Waiting {
  readonly resolve: (result: LuaResult) => void;
  readonly reject: (error: Error) => void;
}

/** The server's side of the one Lua state. The thread starts with the first script. */
export class LuaThread {
  readonly #parts: LuaThreadParts;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #callbacks: ReadonlySet<string> = new Set();
  #nextId = 1;
  #failure: ServerError | undefined;

  constructor(parts: LuaThreadParts) {
    this.#parts = parts;
  }

  /** Whether the scripts define a callback, as far as they have run. When the thread has died that stays: who filters must not let all pass. */
  defines(callback: CallbackName): boolean {
    return this.#callbacks.has(callback);
  }

  /** Runs a script; `name` stands in its errors. Throws `CannotExecuteLua`. */
  run(script: string, name: string): Promise<LuaResult> {
    return this.#send((id) => ({ kind: "run", id, script, name }));
  }

  /** Calls a callback that is defined; an event waits until no script runs. Throws `CannotExecuteLua`. */
  call(callback: CallbackName, args: readonly LuaData[], kind: "filter" | "event" = "filter"): Promise<LuaResult> {
    return this.#send((id) => ({ kind: "call", id, callback, args, isEvent: kind === "event" }));
  }

  /** Lets what was sent end, for at most so many milliseconds. */
  async close(milliseconds: number): Promise<void> {
    const worker = this.#worker;
    this.#failure ??= new ServerError("CannotExecuteLua", "the server stops");
    if (worker === undefined) return;
    const ended = once(worker, "exit");
    this.#post({ kind: "close" });
    const timer = setTimeout(() => {
      this.#parts.log.warn(`a Lua script still runs after ${milliseconds} ms and is ended`);
      void worker.terminate();
    }, milliseconds);
    await ended;
    clearTimeout(timer);
  }

  #send(message: (id: number) => Exclude<ToThread, { kind: "answer" | "close" }>): Promise<LuaResult> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#worker ??= this.#start();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post(message(id));
    });
  }

  #post(message: ToThread): void {
    this.#worker?.postMessage(message, []);
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }

  #start(): Worker {
    const worker = new Worker(new URL("thread/lua-worker.ts", import.meta.url), {
      workerData: { signal: this.#signal },
    });
    worker.on("message", (message: FromThread) => this.#hear(message));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => {
      this.#worker = undefined;
      this.#fail(new Error("the thread of Lua has ended"));
    });
    return worker;
  }

  #hear(message: FromThread): void {
    const { log } = this.#parts;
    if (message.kind === "print") log.warn(`Lua says: ${message.text}`);
    else if (message.kind === "error") log.error(`Lua: ${message.text}`);
    else if (message.kind === "request") void this.#answer(message.id, message.request);
    else {
      this.#callbacks = new Set(message.callbacks);
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.kind === "result") waiting?.resolve(message.result);
      else waiting?.reject(new ServerError("CannotExecuteLua", message.error));
    }
  }

  async #answer(id: number, request: HostRequest): Promise<void> {
    try {
      this.#post({ kind: "answer", id, value: await this.#parts.answer(request) });
    } catch (error) {
      this.#post({ kind: "answer", id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  #fail(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (this.#failure === undefined) this.#parts.log.error(`Lua has ended, its filters refuse everything: ${why}`);
    this.#failure ??= new ServerError("CannotExecuteLua", why, { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
