import { expect, it } from "vitest";
import { BatchedThread } from "./batched-thread.ts";

const thread = (code: string) =>
  new BatchedThread<number, number>({
    module: new URL(`data:text/javascript,${encodeURIComponent(code)}`),
    data: undefined,
    pack: (items) => ({ message: items, transfer: [] }),
  });

const doubling = `
  import { parentPort } from "node:worker_threads";
  let batches = 0;
  parentPort.on("message", (message) => {
    if (message === "close") parentPort.close();
    else {
      parentPort.postMessage(message.map((item) => item * 2 + 1000 * batches));
      batches += 1;
    }
  });`;

it("sends what comes together in one batch, and answers each in its order", async () => {
  const doubled = thread(doubling);
  expect(await Promise.all([1, 2, 3].map((item) => doubled.run(item)))).toEqual([2, 4, 6]);
  expect(await doubled.run(4)).toBe(1008);
  await doubled.close();
  await expect(doubled.run(5)).rejects.toThrow("closed");
});

it("fails all items, and those that come later, when the thread dies", async () => {
  const broken = thread(
    `import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { throw new Error("boom"); });`,
  );
  const results = await Promise.allSettled([1, 2].map((item) => broken.run(item)));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(broken.run(3)).rejects.toThrow("boom");
  await broken.close();
});

it("starts no thread when nothing comes", async () => {
  const idle = thread("throw new Error('started')");
  await idle.close();
  await expect(idle.run(1)).rejects.toThrow("closed");
});
