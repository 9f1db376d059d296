import { parentPort } from "node:worker_threads";

export interface BatchServer {
  /** The outcomes of a batch, one for each item, in their order. */
  readonly run: (batch: unknown) => readonly unknown[];
  /** Called once, when no more comes. */
  readonly close: () => Promise<void>;
}

/** The thread's side of a `BatchedThread`. What is thrown ends the thread and fails all items. */
export function serveBatches({ run, close }: BatchServer): void {
  const port = parentPort;
  if (port === null) throw new Error("this module runs in a worker thread");
  port.on("message", (message: unknown) => {
    if (message === "close") void close().finally(() => port.close());
    else port.postMessage(run(message), []);
  });
}

/** Says something to the thread's owner. */
export function sendNotice(text: string): void {
  parentPort?.postMessage(text, []);
}
