import { availableParallelism } from "node:os";
import { CodecThread, type ThreadTimes, type WaitingTask } from "./codec-thread.ts";
import type { FrameResult, FrameTask } from "./frame-task.ts";

/** Runs work on frames in threads, never on the event loop. */
export interface CodecPool {
  /** How many tasks run at once. */
  readonly size: number;
  /** How many could be begun without waiting. */
  readonly available: number;
  /** As `runFrameTask`. Whoever needs the bytes of the task no more can have them moved to the thread instead of copied. */
  run(task: FrameTask, bytes?: "copied" | "moved"): Promise<FrameResult>;
  /** Ends the threads; what is under way fails. */
  close(): Promise<void>;
}

export interface CodecPoolOptions extends Partial<ThreadTimes> {
  /** `TranscoderThreadsCount`: at most as many threads, at least one, and never more than processors. Default: as many. */
  readonly threads?: number;
}

const defaultTimes: ThreadTimes = { idleTime: 20_000, taskTime: 300_000 };

/** A pool whose threads start when they are needed, and end when they are idle for a while. */
export function createCodecPool({ threads: wanted = Infinity, ...times }: CodecPoolOptions = {}): CodecPool {
  const size = Math.max(1, Math.min(wanted, availableParallelism()));
  const threads = new Set<CodecThread>();
  const idle = new Set<CodecThread>();
  const waiting: WaitingTask[] = [];
  let isClosed = false;

  const start = (): CodecThread => {
    const thread = new CodecThread(
      { ...defaultTimes, ...times },
      {
        idle: () => {
          idle.add(thread);
          next();
        },
        ended: () => {
          threads.delete(thread);
          idle.delete(thread);
          next();
        },
      },
    );
    threads.add(thread);
    return thread;
  };
  const next = (): void => {
    if (waiting.length === 0) return;
    // The last one has its code and memory at hand, and the others may end.
    const thread = [...idle].at(-1) ?? (threads.size < size ? start() : undefined);
    if (thread === undefined) return;
    idle.delete(thread);
    const task = waiting.shift();
    if (task !== undefined) thread.run(task);
  };
  return {
    size,
    get available() {
      return size - threads.size + idle.size;
    },
    run: (task, bytes = "copied") =>
      new Promise((resolve, reject) => {
        if (isClosed) throw new Error("the codec threads are closed");
        waiting.push({ task, moves: bytes === "moved", resolve, reject });
        next();
      }),
    async close() {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(new Error("the codec threads are closed"));
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}
