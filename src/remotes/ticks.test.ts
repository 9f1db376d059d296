import { describe, expect, it } from "vitest";
import { ticks } from "./ticks.ts";

describe("ticks", () => {
  it("ends with the work, whether it succeeds or fails", async () => {
    expect(await Array.fromAsync(ticks(Promise.resolve(1), 60_000))).toEqual([]);
    const failing = Promise.reject(new Error("no"));
    expect(await Array.fromAsync(ticks(failing, 60_000))).toEqual([]);
    await expect(failing).rejects.toThrow("no");
  });

  it("yields while the work goes on", async () => {
    const work = Promise.withResolvers<void>();
    let count = 0;
    for await (const _ of ticks(work.promise, 1)) {
      count += 1;
      if (count === 3) work.resolve();
    }
    expect(count).toBe(3);
  });
});
