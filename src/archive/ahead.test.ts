import { describe, expect, it } from "vitest";
import { mapAhead } from "./ahead.ts";

describe("mapAhead", () => {
  it("keeps the order, with as many under way as asked for", async () => {
    const begun: number[] = [];
    const waiting: (() => void)[] = [];
    const map = (value: number): Promise<number> => {
      begun.push(value);
      return new Promise((resolve) => waiting.push(() => resolve(value * 10)));
    };
    const results = mapAhead([1, 2, 3, 4], 2, map);
    const first = results.next();
    await new Promise(setImmediate);
    expect(begun).toEqual([1, 2]);
    waiting[1]?.();
    waiting[0]?.();
    expect((await first).value).toBe(10);
    expect(begun).toEqual([1, 2]);
    const second = results.next();
    await new Promise(setImmediate);
    expect([begun, (await second).value]).toEqual([[1, 2, 3], 20]);
    for (const letGo of waiting) letGo();
  });

  it("throws a rejection in its turn", async () => {
    const results = mapAhead([1, 2, 3], 3, (value) =>
      value === 2 ? Promise.reject(new Error("two")) : Promise.resolve(value),
    );
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow("two");
  });

  it("gives what is left at the end", async () => {
    expect(await Array.fromAsync(mapAhead([1, 2], 9, async (value) => value))).toEqual([1, 2]);
  });
});
