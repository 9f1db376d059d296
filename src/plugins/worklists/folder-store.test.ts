import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../../../test/archive/fake-clock.ts";
import { pluginServerForTest } from "../../../test/plugin-server.ts";
import { temporaryFolder } from "../../../test/temporary-folder.ts";
import { tagsFile, worklistTags } from "../../../test/worklists/sample-worklist.ts";
import { parseDicom } from "../../dicom/parse.ts";
import { noLog } from "../../util/log.ts";
import { openFolderStore } from "./folder-store.ts";
import type { WorklistStore } from "./store.ts";

const PatientID = 0x00100020;

let folder: string;
let clock: FakeClock;
let logged: string[];
let parsed: number;
let store: WorklistStore;

beforeEach(async () => {
  folder = await temporaryFolder();
  clock = createFakeClock();
  logged = [];
  parsed = 0;
  store = await openFolderStore(folder, server(), clock);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function server() {
  return pluginServerForTest({
    log: { ...noLog, error: (message) => void logged.push(message), warn: (message) => void logged.push(message) },
    parseDicom(file) {
      parsed += 1;
      return parseDicom(Buffer.from(file));
    },
  });
}

/** Writes a file that was last changed so many milliseconds before the clock's time. */
async function put(name: string, patient: string, age = 60_000): Promise<void> {
  await writeFile(join(folder, name), tagsFile(worklistTags(patient)));
  const changed = new Date(clock.now() - age);
  await utimes(join(folder, name), changed, changed);
}

/** The worklists as `id: patient`. */
const all = () => Array.fromAsync(store.all(), ({ id, dataset }) => `${id}: ${dataset.text(PatientID)}`);

describe("the folder of worklists", () => {
  it("has the files with the extension, in any case, but not those of subfolders", async () => {
    await put("b.wl", "B");
    await put("a.WL", "A");
    await put("c.dcm", "C");
    await writeFile(join(folder, "lockfile"), "");
    await mkdir(join(folder, "sub.wl"));
    await put("sub.wl/d.wl", "D");
    expect(await all()).toEqual(["a: A", "b: B"]);
  });

  it("sees what changed, came and went", async () => {
    await put("a.wl", "A");
    await put("b.wl", "B");
    await all();
    await put("a.wl", "X", 30_000);
    await put("c.wl", "C");
    await rm(join(folder, "b.wl"));
    expect(await all()).toEqual(["a: X", "c: C"]);
  });

  it("reads a file once as long as it does not change", async () => {
    await put("a.wl", "A");
    expect([await all(), await all(), (await store.get("a"))?.id, parsed]).toEqual([["a: A"], ["a: A"], "a", 1]);
  });

  it("reads a file again that was changed so lately that its date need not tell", async () => {
    await put("a.wl", "A", 100);
    const { ino } = await stat(join(folder, "a.wl"));
    expect(await all()).toEqual(["a: A"]);
    // The same size, date and number.
    await put("a.wl", "B", 100);
    expect((await stat(join(folder, "a.wl"))).ino).toBe(ino);
    expect(await all()).toEqual(["a: B"]);
  });

  it("logs broken files once, and leaves them out", async () => {
    await put("a.wl", "A");
    await put("broken.wl", "B");
    await writeFile(join(folder, "broken.wl"), "no DICOM at all");
    await utimes(join(folder, "broken.wl"), 0, 0);
    expect([await all(), await all()]).toEqual([["a: A"], ["a: A"]]);
    expect(logged).toEqual([expect.stringContaining("broken.wl is broken")]);
    expect(await store.get("broken")).toBeUndefined();
  });

  it("keeps, replaces and deletes worklists", async () => {
    await store.put("new one", tagsFile(worklistTags("N")));
    await put("OLD.WL", "O");
    await store.put("OLD", tagsFile(worklistTags("R")));
    expect(await all()).toEqual(["OLD: R", "new one: N"]);
    expect(await readdir(folder)).toEqual(["OLD.WL", "new one.wl"]);
    expect([await store.delete("OLD"), await store.delete("OLD"), await store.get("OLD")]).toEqual([
      true,
      false,
      undefined,
    ]);
    expect(await readdir(folder)).toEqual(["new one.wl"]);
  });

  it.each(["", "..", "../x", "a/b", String.raw`a\b`, ".hidden", "a\0b", "x".repeat(201)])(
    "keeps no worklist of the id %j",
    async (id) => {
      const file = tagsFile(worklistTags("N"));
      await expect(store.put(id, file)).rejects.toMatchObject({ errorName: "ParameterOutOfRange" });
      expect([await store.get(id), await store.delete(id), await readdir(folder)]).toEqual([undefined, false, []]);
    },
  );

  it("says that the folder is not there, and finds it when it comes", async () => {
    await rename(folder, `${folder}-away`);
    store = await openFolderStore(folder, server(), clock);
    expect(logged).toEqual([expect.stringContaining(`${folder} cannot be read`)]);
    await expect(all()).rejects.toMatchObject({ errorName: "DirectoryExpected" });
    await rename(`${folder}-away`, folder);
    await put("a.wl", "A");
    expect(await all()).toEqual(["a: A"]);
  });
});
