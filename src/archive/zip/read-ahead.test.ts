import { describe, expect, it } from "vitest";
import { readAhead } from "./read-ahead.ts";

/** Numbers from 0, with what happened to their stream. */
function numbers(count: number) {
  const seen = { given: 0, closed: false };
  const source = async function* (): AsyncGenerator<number, void, void> {
    try {
      for (; seen.given < count;) {
        await Promise.resolve();
        yield seen.given++;
      }
    } finally {
      seen.closed = true;
    }
  };
  return { seen, source: source() };
}

describe("reading ahead", () => {
  it("gives results in order, whichever is ready first", async () => {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const results = readAhead(numbers(4).source, {
      width: 3,
      begin: async (item) => {
        await gates[item]?.promise;
        return item * 10;
      },
    });
    for (const gate of gates.toReversed()) gate.resolve();
    expect(await Array.fromAsync(results)).toEqual([0, 10, 20, 30]);
  });

  it("works on no more items than it may, and on the next as soon as one is taken", async () => {
    const begun: number[] = [];
    const { source, seen } = numbers(100);
    const results = readAhead(source, {
      width: 3,
      begin: async (item) => {
        begun.push(item);
        return item;
      },
    });
    expect(begun).toEqual([]);
    await results.next();
    await results.next();
    expect(begun.length).toBeLessThanOrEqual(5);
    await results.return();
    expect(seen).toMatchObject({ closed: true });
  });

  it("discards what nobody took, when its work has ended", async () => {
    const discarded: number[] = [];
    const slow = Promise.withResolvers<void>();
    const { source } = numbers(10);
    const results = readAhead(source, {
      width: 3,
      begin: async (item) => {
        if (item === 2) await slow.promise;
        return item;
      },
      discard: async (item) => void discarded.push(item),
    });
    expect(await results.next()).toMatchObject({ value: 0 });
    const ended = results.return();
    slow.resolve();
    await ended;
    expect(new Set(discarded)).toEqual(new Set([1, 2, 3]));
  });

  it("throws what an item threw in its turn, discards the others and closes the source", async () => {
    const discarded: number[] = [];
    const { source, seen } = numbers(10);
    const results = readAhead(source, {
      width: 4,
      begin: async (item) => {
        if (item === 1) throw new Error("no 1");
        return item;
      },
      discard: async (item) => void discarded.push(item),
    });
    expect(await results.next()).toMatchObject({ value: 0 });
    await expect(results.next()).rejects.toThrow("no 1");
    expect(discarded).toEqual(expect.arrayContaining([2, 3]));
    expect(seen.closed).toBe(true);
  });
});
