import { describe, expect, test } from "vitest";
import { createFakeClock } from "../../test/archive/fake-clock.ts";
import { createWatchedStorage, openTestCatalog } from "../../test/archive/test-archive.ts";
import { noLog } from "../util/log.ts";
import { recover } from "./recovery.ts";
import { sweepOrphans } from "./sweep.ts";

async function* listed(...uuids: string[]): AsyncGenerator<string> {
  yield* uuids;
}

async function storageWith(...uuids: string[]) {
  const storage = createWatchedStorage();
  for (const uuid of uuids) await storage.write(uuid, 1, []);
  return storage;
}

const isComing = (uuid: string) => uuid === "coming";

async function stage() {
  const catalog = await openTestCatalog();
  const clock = createFakeClock();
  const asked: number[] = [];
  const storage = {
    ...createWatchedStorage(),
    suspects(since: number) {
      asked.push(since);
      return listed("orphan");
    },
  };
  await storage.write("orphan", 1, []);
  const begin = () => recover({ catalog, storage, clock, log: noLog, isUnderWay: () => false });
  return { catalog, clock, storage, asked, begin };
}

describe("sweepOrphans", () => {
  const parts = { log: noLog, signal: new AbortController().signal };

  test("removes what has no row and is not being written", async () => {
    const storage = await storageWith("known", "orphan", "coming");
    const catalog = {
      knownBlobs: (uuids: readonly string[]) => Promise.resolve(new Set(uuids.filter((u) => u === "known"))),
    };
    expect(
      await sweepOrphans({ ...parts, storage, catalog, isUnderWay: isComing }, listed("known", "orphan", "coming")),
    ).toBe(1);
    expect([...storage.blobs]).toEqual(["known", "coming"]);
  });

  test("asks about many blobs in batches", async () => {
    const uuids = Array.from({ length: 1234 }, (_, at) => `blob ${at}`);
    const storage = await storageWith(...uuids);
    const batches: number[] = [];
    const catalog = {
      knownBlobs(asked: readonly string[]) {
        batches.push(asked.length);
        return Promise.resolve(new Set<string>());
      },
    };
    expect(await sweepOrphans({ ...parts, storage, catalog, isUnderWay: () => false }, listed(...uuids))).toBe(1234);
    expect(batches).toEqual([500, 500, 234]);
    expect(storage.blobs.size).toBe(0);
  });
});

describe("a run", () => {
  test("that ended in order leaves nothing to sweep", async () => {
    const { begin, asked } = await stage();
    await (await begin()).close();
    await (await begin()).close();
    expect(asked).toEqual([]);
  });

  test("that crashed is swept by the next one, from its beginning on", async () => {
    const { begin, asked, storage, clock } = await stage();
    const crashedSince = clock.now();
    await begin();
    await clock.pass(10_000);
    const recovery = await begin();
    await expect.poll(() => storage.blobs.size).toBe(0);
    await recovery.close();
    expect(asked).toEqual([crashedSince]);
    await (await begin()).close();
    expect(asked).toEqual([crashedSince]);
  });

  test("that crashed before its sweep was done is swept from the first beginning on", async () => {
    const { begin, asked, clock, catalog, storage } = await stage();
    const crashedSince = clock.now();
    await begin();
    await clock.pass(10_000);
    // A sweep that never ends, and a crash in it.
    const never = { ...catalog, knownBlobs: () => new Promise<never>(() => {}) };
    await recover({ catalog: never, storage, clock, log: noLog, isUnderWay: () => false });
    await clock.pass(10_000);
    await (await begin()).close();
    expect(asked).toEqual([crashedSince, crashedSince]);
  });
});
