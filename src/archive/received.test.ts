import { expect, test } from "vitest";
import { ChunkQueue } from "../util/chunk-queue.ts";
import { createSpareMemory } from "../util/spare-memory.ts";
import { createMemoryBudget } from "./memory-budget.ts";
import { receive, type Received } from "./received.ts";

async function* pieces(count: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < count; at++) yield Buffer.alloc(length, at);
}

async function contents(received: Received): Promise<Buffer> {
  return Buffer.concat(received.kind === "whole" ? received.chunks : await Array.fromAsync(received.stream));
}

test.each([
  { count: 4, length: 1000, budget: 4000, kind: "whole" },
  { count: 4, length: 1000, budget: 3999, kind: "stream" },
  { count: 4, length: 1 << 18, budget: 1 << 30, kind: "whole" },
  { count: 5, length: 1 << 18, budget: 1 << 30, kind: "stream" },
])("$count × $length bytes with $budget bytes of memory: $kind", async ({ count, length, budget, kind }) => {
  const expected = Buffer.concat(await Array.fromAsync(pieces(count, length)));
  await receive(pieces(count, length), createMemoryBudget(budget), async (received) => {
    expect(received.kind).toBe(kind);
    expect((await contents(received)).equals(expected)).toBe(true);
  });
});

test("memory that is used again after the object is not left to the collector", async () => {
  const memory = createSpareMemory(1000, 1);
  const chunks = new ChunkQueue({
    pause: () => {},
    resume: () => {},
    cancel: () => {},
    release: (chunk) => memory.giveBack(chunk),
  });
  const piece = memory.take().fill(7);
  chunks.push(piece);
  chunks.end();
  await receive(chunks, createMemoryBudget(1000), async (received) => {
    expect((await contents(received)).equals(Buffer.alloc(1000, 7))).toBe(true);
  });
  expect(piece).toHaveLength(0);
});

test("memory is held until the object was used, and given back also after a failure", async () => {
  const budget = createMemoryBudget(1000);
  const failing = receive(pieces(1, 1000), budget, async () => {
    expect(budget.take(1)).toBe(false);
    throw new Error("not wanted");
  });
  await expect(failing).rejects.toThrow("not wanted");
  expect(budget.take(1000)).toBe(true);
});
