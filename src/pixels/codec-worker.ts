import { parentPort } from "node:worker_threads";
import { ServerError } from "../util/errors.ts";
import { type FrameTask, runFrameTask } from "./frame-task.ts";
import { type FrameMessage, ownMemory, type OutcomeMessage } from "./codec-messages.ts";

const port = parentPort;
if (port === null) throw new Error("this module runs in a worker thread");

port.on("message", (message: FrameMessage) => {
  const { bytes, ...task } = message;
  void run({ ...task, bytes: Buffer.from(bytes) }).then((outcome) => {
    port.postMessage(outcome, "bytes" in outcome ? [outcome.bytes] : []);
  });
});

async function run(task: FrameTask): Promise<OutcomeMessage> {
  try {
    const { shape, bytes } = await runFrameTask(task);
    return { shape, bytes: ownMemory(bytes) };
  } catch (error) {
    if (error instanceof ServerError) return { errorName: error.errorName, details: error.details };
    return { errorName: "InternalError", details: error instanceof Error ? error.message : String(error) };
  }
}
