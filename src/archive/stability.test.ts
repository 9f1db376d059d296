import { expect, test } from "vitest";
import { createFakeClock } from "../../test/archive/fake-clock.ts";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { makeImage, makeStudy } from "../../test/phantoms/study.ts";
import type { Catalog, ResourceReference } from "../catalog/catalog.ts";
import { noLog } from "../util/log.ts";
import type { Origin } from "./archive.ts";
import { createStability } from "./stability.ts";

const origin: Origin = { kind: "RestApi" };

function stableChanges({ events }: TestArchive): string[] {
  return events.flatMap((event) =>
    event.type === "Change" && event.change.startsWith("Stable") ? [event.change] : [],
  );
}

test("patient, study and series become stable once nothing came for StableAge", async () => {
  await using open = await openTestArchive({ options: { stableAge: 60 } });
  await open.archive.ingest(makeImage({ rows: 16 }).file, origin);
  await open.clock.pass(59_000);
  expect(stableChanges(open)).toEqual([]);
  await open.clock.pass(1000);
  expect(stableChanges(open)).toEqual(["StablePatient", "StableStudy", "StableSeries"]);
  const [study] = await open.catalog.find({ level: "Study", include: { status: true } });
  expect(study?.status?.isStable).toBe(true);
});

test("every new instance begins the time anew, and makes unstable what was stable", async () => {
  await using open = await openTestArchive({ options: { stableAge: 60 } });
  for (const { file } of makeStudy({ rows: 16, instances: 3 })) {
    await open.archive.ingest(file, origin);
    await open.clock.pass(40_000);
  }
  expect(stableChanges(open)).toEqual([]);
  await open.clock.pass(20_000);
  expect(stableChanges(open)).toHaveLength(3);
  await open.archive.ingest(
    makeImage({ rows: 16, instances: 4, attributes: [[0x00080018, "UI", "1.2.3"]] }).file,
    origin,
  );
  const [study] = await open.catalog.find({ level: "Study", include: { status: true } });
  expect(study?.status?.isStable).toBe(false);
  await open.clock.pass(60_000);
  expect(stableChanges(open)).toHaveLength(6);
});

test("one timer serves all resources", async () => {
  await using open = await openTestArchive();
  for (let seed = 1; seed <= 10; seed++) await open.archive.ingest(makeImage({ rows: 16, seed }).file, origin);
  expect(open.clock.timers()).toBe(1);
});

test("what was removed never becomes stable", async () => {
  await using open = await openTestArchive();
  const { identifiers } = await open.archive.ingest(makeImage({ rows: 16 }).file, origin);
  await open.archive.remove(identifiers.Patient);
  await open.clock.pass(120_000);
  expect(stableChanges(open)).toEqual([]);
});

interface Marked extends ResourceReference {
  readonly at: string;
  readonly unchangedSince: string | undefined;
}

function fakeCatalog(unstable: Awaited<ReturnType<Catalog["unstable"]>>) {
  const marked: Marked[] = [];
  return {
    marked,
    unstable: () => Promise.resolve(unstable),
    markUnstable: () => Promise.resolve(true),
    markStable(resource: ResourceReference, at: string, unchangedSince?: string) {
      marked.push({ ...resource, at, unchangedSince });
      return Promise.resolve(true);
    },
  };
}

test("what the last run left unstable waits for the rest of its time", async () => {
  const clock = createFakeClock();
  const catalog = fakeCatalog([
    { level: "Study", publicId: "late", lastUpdate: "20261123T115950" },
    { level: "Series", publicId: "early", lastUpdate: "20261123T115930" },
    { level: "Series", publicId: "of a clock that was wrong", lastUpdate: "20991231T235959" },
  ]);
  const stability = createStability({ catalog, clock, age: 60_000, stable: () => {}, log: noLog });
  await stability.resume();
  await clock.pass(60_000);
  expect(catalog.marked).toEqual([
    { level: "Series", publicId: "early", at: "20261123T120030", unchangedSince: "20261123T115930" },
    { level: "Study", publicId: "late", at: "20261123T120050", unchangedSince: "20261123T115950" },
    {
      level: "Series",
      publicId: "of a clock that was wrong",
      at: "20261123T120100",
      unchangedSince: "20991231T235959",
    },
  ]);
  await stability.close();
});

test("a catalog that fails keeps nothing else from becoming stable", async () => {
  const clock = createFakeClock();
  const told: string[] = [];
  const catalog = {
    unstable: () => Promise.resolve([]),
    markUnstable: () => Promise.resolve(true),
    markStable: ({ publicId }: ResourceReference) =>
      publicId === "first" ? Promise.reject(new Error("busy")) : Promise.resolve(true),
  };
  const stable = ({ publicId }: ResourceReference) => void told.push(publicId);
  const stability = createStability({ catalog, clock, age: 1000, stable, log: noLog });
  stability.touch({ level: "Study", publicId: "first" });
  stability.touch({ level: "Study", publicId: "second" });
  await clock.pass(1000);
  expect(told).toEqual(["second"]);
});

test("what is not stable any more becomes stable after the stable age", async () => {
  const clock = createFakeClock();
  const told: string[] = [];
  const stable = ({ publicId }: ResourceReference) => void told.push(publicId);
  const stability = createStability({ catalog: fakeCatalog([]), clock, age: 1000, stable, log: noLog });
  expect(await stability.unsettle({ level: "Study", publicId: "study" })).toBe(true);
  await clock.pass(999);
  expect(told).toEqual([]);
  await clock.pass(1);
  expect(told).toEqual(["study"]);
  await stability.close();
});
