import { Worker } from "node:worker_threads";
import { ServerError } from "../util/errors.ts";
import { copiedMemory, type FrameMessage, type OutcomeMessage, ownMemory } from "./codec-messages.ts";
import type { FrameResult, FrameTask } from "./frame-task.ts";

/** A task and who waits for it. */
export interface WaitingTask {
  readonly task: FrameTask;
  /** Nobody needs its bytes any more. */
  readonly moves: boolean;
  readonly resolve: (result: FrameResult) => void;
  readonly reject: (error: Error) => void;
}

/** Milliseconds. */
export interface ThreadTimes {
  /** After which an idle thread ends: the memory of its WASM modules only grows. */
  readonly idleTime: number;
  /** That a task may take; one that takes longer is given up together with its thread. */
  readonly taskTime: number;
}

export interface ThreadEvents {
  /** It can take the next task. */
  readonly idle: () => void;
  /** It takes no more tasks; may be told twice. */
  readonly ended: () => void;
}

/** A thread that works on one frame after the other, and ends when there was nothing to do for a while. */
export class CodecThread {
  readonly #times: ThreadTimes;
  readonly #events: ThreadEvents;
  readonly #worker = new Worker(new URL("codec-worker.ts", import.meta.url));
  #current: WaitingTask | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(times: ThreadTimes, events: ThreadEvents) {
    this.#times = times;
    this.#events = events;
    this.#worker.on("message", (outcome: OutcomeMessage) => this.#finish(outcome));
    this.#worker.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", () => {
      this.#fail(new Error("the codec thread ended"));
      events.ended();
    });
  }

  run(waiting: WaitingTask): void {
    this.#current = waiting;
    const { bytes, ...task } = waiting.task;
    const message: FrameMessage = { ...task, bytes: waiting.moves ? ownMemory(bytes) : copiedMemory(bytes) };
    this.#worker.ref();
    this.#worker.postMessage(message, [message.bytes]);
    this.#setTimer(this.#times.taskTime, () => {
      this.#fail(new ServerError("BadFileFormat", `a frame took more than ${this.#times.taskTime} ms`));
      this.#retire();
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** No task may reach a thread that is about to end. */
  #retire(): void {
    this.#events.ended();
    void this.end();
  }

  #finish(outcome: OutcomeMessage): void {
    const current = this.#current;
    this.#current = undefined;
    // An idle thread does not keep the process alive.
    this.#worker.unref();
    this.#setTimer(this.#times.idleTime, () => this.#retire()).unref();
    if ("bytes" in outcome) current?.resolve({ shape: outcome.shape, bytes: Buffer.from(outcome.bytes) });
    else current?.reject(new ServerError(outcome.errorName, outcome.details));
    this.#events.idle();
  }

  #fail(error: Error): void {
    clearTimeout(this.#timer);
    this.#current?.reject(error);
    this.#current = undefined;
  }

  #setTimer(time: number, act: () => void): NodeJS.Timeout {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, time);
    return this.#timer;
  }
}
