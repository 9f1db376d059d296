import { parentPort, workerData } from "node:worker_threads";

export interface BatchServer {
  /** The outcomes of a batch, one for each item, in their order. */
  readonly run: (batch: unknown) => readonly unknown[];
  /** Called once, when no more comes. */
  readonly close: () => Promise<void>;
}

/**
 * The thread's side of a `BatchedThread`. `open` gets its `data`, and is not called where the module is only loaded to have it compiled. What is
 * thrown ends the thread and fails all items.
 */
export function serveBatches(open: (data: unknown) => BatchServer): void {
  const port = parentPort;
  if (port === null) return;
  const { run, close } = open(workerData);
  port.on("message", (message: unknown) => {
    if (message === "close") void close().finally(() => port.close());
    else port.postMessage(run(message), []);
  });
}

/** Says something to the thread's owner. */
export function sendNotice(text: string): void {
  parentPort?.postMessage(text, []);
}
