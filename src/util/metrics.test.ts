import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  it("tell the longest duration of the last ten seconds", () => {
    let now = 1_000_000;
    const metrics = createMetrics(() => now);
    metrics.duration("find", 20.4);
    metrics.duration("find", 5);
    expect(metrics.values()).toEqual({ find: 20 });
    now += 10_001;
    expect(metrics.values()).toEqual({});
    metrics.duration("find", 5);
    metrics.duration("get", 7);
    expect(metrics.values()).toEqual({ find: 5, get: 7 });
  });

  it("add up, and ask for values", () => {
    const metrics = createMetrics();
    let free = 3;
    metrics.gauge("free", () => free);
    metrics.add("bytes", 10);
    metrics.add("bytes", 5);
    expect(metrics.values()).toEqual({ bytes: 15, free: 3 });
    free = 1;
    expect(metrics.values()).toEqual({ bytes: 15, free: 1 });
  });
});
