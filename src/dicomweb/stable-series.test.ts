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
