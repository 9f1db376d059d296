import { expect, test } from "vitest";
import { noLog } from "../util/log.ts";
import { createEventQueue } from "./event-queue.ts";

test("events run one after the other, in order, and one that fails is logged by its name", async () => {
  const errors: string[] = [];
  const queue = createEventQueue({ ...noLog, error: (message) => void errors.push(message) });
  const ran: string[] = [];
  const event = (name: string, run: () => Promise<void> = async () => void ran.push(name)) => ({ name, run });
  queue.add(event("first"));
  queue.add(event("second", () => Promise.reject(new Error("broken"))));
  queue.add(
    event("third", async () => {
      queue.add(event("fifth"));
      ran.push("third");
    }),
  );
  queue.add(event("fourth"));
  await queue.drained(1000);
  expect(ran).toEqual(["first", "third", "fourth", "fifth"]);
  expect(errors).toEqual(["the Lua callback second failed: broken"]);
});

test("who makes events waits while too many wait", async () => {
  const queue = createEventQueue(noLog);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  await queue.relief();
  for (let at = 0; at < 1500; at += 1) queue.add({ name: "event", run: () => gate });
  let isRelieved = false;
  const relief = queue.relief().then(() => (isRelieved = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isRelieved).toBe(false);
  open();
  await relief;
  expect(isRelieved).toBe(true);
  await queue.drained(1000);
});

test("what could not be told in time is said to be lost", async () => {
  const errors: string[] = [];
  const queue = createEventQueue({ ...noLog, error: (message) => void errors.push(message) });
  queue.add({ name: "stuck", run: () => new Promise(() => {}) });
  queue.add({ name: "late", run: async () => {} });
  await queue.drained(10);
  expect(errors).toEqual(["1 events that Lua scripts did not hear of are lost"]);
});
