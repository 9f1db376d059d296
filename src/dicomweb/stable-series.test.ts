import { expect, it } from "vitest";
import type { ArchiveEvent } from "../archive/archive.ts";
import { createEvents } from "../archive/events.ts";
import { noLog } from "../util/log.ts";
import { onStableSeries } from "./stable-series.ts";

const stored: ArchiveEvent = { type: "StoredInstance", publicId: "i", tags: {}, origin: { kind: "RestApi" } };

function stable(publicId: string): ArchiveEvent {
  return { type: "Change", change: "StableSeries", resource: { level: "Series", publicId } };
}

it("prepares series when they are stable, one after the other, and not while something is stored", async () => {
  const events = createEvents(noLog);
  const prepared: string[] = [];
  let lastStored = 0;
  let wait = Infinity;
  const prepare = async (series: string): Promise<void> => {
    wait = Math.min(wait, performance.now() - lastStored);
    prepared.push(series);
  };
  const running = onStableSeries(events, prepare, { log: noLog, quietTime: 50 });
  for (const series of ["a", "b"]) {
    lastStored = performance.now();
    events.emit(stored);
    events.emit(stable(series));
  }
  await expect.poll(() => prepared).toEqual(["a", "b"]);
  expect(wait).toBeGreaterThanOrEqual(49);
  await running.close();
  events.emit(stable("c"));
  expect(prepared).toEqual(["a", "b"]);
});

it("waits while the process has something else to do", async () => {
  const events = createEvents(noLog);
  const prepared: string[] = [];
  const loads = [0.9, 0.2, 0.05];
  let looks = 0;
  const load = async (): Promise<number> => {
    expect(prepared).toEqual([]);
    return loads[looks++] ?? 0;
  };
  const running = onStableSeries(events, async (series) => void prepared.push(series), { log: noLog, load });
  events.emit(stable("a"));
  events.emit(stable("b"));
  await expect.poll(() => prepared).toEqual(["a", "b"]);
  expect(looks).toBe(3);
  await running.close();
});

it("looks at the event loop itself", async () => {
  const events = createEvents(noLog);
  const prepared: string[] = [];
  let isBusy = true;
  const work = (): void => {
    const end = performance.now() + 20;
    while (performance.now() < end);
    if (isBusy) setImmediate(work);
  };
  work();
  const running = onStableSeries(events, async (series) => void prepared.push(series), { log: noLog });
  events.emit(stable("a"));
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(prepared).toEqual([]);
  isBusy = false;
  await expect.poll(() => prepared).toEqual(["a"]);
  await running.close();
});

it("goes on after one that fails, and gives up what waits when it is closed", async () => {
  const events = createEvents(noLog);
  const asked: string[] = [];
  const prepare = async (series: string): Promise<void> => {
    asked.push(series);
    if (series === "broken") throw new Error("broken");
  };
  const running = onStableSeries(events, prepare, { log: noLog, quietTime: 1000 });
  events.emit(stable("broken"));
  events.emit(stable("next"));
  await expect.poll(() => asked).toEqual(["broken", "next"]);
  events.emit(stored);
  events.emit(stable("late"));
  await running.close();
  expect(asked).toEqual(["broken", "next"]);
});
