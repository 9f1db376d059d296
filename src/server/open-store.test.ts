import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keep, sampleInstance } from "../../test/catalog/sample-instance.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import type { NewInstance } from "../catalog/catalog.ts";
import { blobPath } from "../storage/filesystem/blob-path.ts";
import { noLog } from "../util/log.ts";
import { openStore, type Store } from "./open-store.ts";

let folder: string;
const opened: Store[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const { catalog } of opened.splice(0)) await catalog.close();
  await rm(folder, { recursive: true });
});

async function open(root: string, storageFolder = join(root, "storage")): Promise<Store> {
  const store = await openStore({
    catalogFile: join(root, "index", "greyhaven.db"),
    extraMainDicomTags: { Patient: [], Study: [], Series: [], Instance: [] },
    storageFolder,
    sync: true,
    log: noLog,
  });
  opened.push(store);
  return store;
}

const fileOf = (instance: NewInstance) => Buffer.from(`the file of ${instance.identifiers.Instance}`);
const uuidOf = (instance: NewInstance) => instance.attachments[0]?.uuid ?? "";

async function contentOf({ storage }: Store, uuid: string): Promise<string> {
  return Buffer.concat(await Array.fromAsync(storage.read({ uuid, type: 1 }))).toString();
}

/** What a crash leaves of the folder, as a copy: the catalog's thread still has it open. */
async function crashed(root: string): Promise<string> {
  const copy = `${root}-crashed`;
  await cp(root, copy, { recursive: true });
  return copy;
}

describe("a catalog and a storage that are written together", () => {
  it("show what was stored at once", async () => {
    const store = await open(join(folder, "a"));
    const instance = sampleInstance({ instance: "a" });
    expect(await store.joint.store(instance, keep, [fileOf(instance)])).toMatchObject({ status: "Success" });
    expect(await store.catalog.levelOf(instance.identifiers.Instance)).toBe("Instance");
    expect(await store.catalog.statistics()).toMatchObject({ instances: 1 });
    expect(await contentOf(store, uuidOf(instance))).toBe(fileOf(instance).toString());
  });

  it("write no file for what is stored already", async () => {
    const store = await open(join(folder, "a"));
    const [first, second] = [sampleInstance({ instance: "a" }), sampleInstance({ instance: "a" })];
    await store.joint.store(first, keep, [fileOf(first)]);
    expect(await store.joint.store(second, keep, [fileOf(second)])).toEqual({ status: "AlreadyStored" });
    await expect(readFile(blobPath(join(folder, "a", "storage"), uuidOf(second)))).rejects.toThrow("ENOENT");
  });

  it("have after a crash all that was acknowledged: rows that were not committed, and files that were not flushed", async () => {
    const store = await open(join(folder, "a"));
    const instances = ["1", "2", "3"].map((instance) => sampleInstance({ instance }));
    for (const instance of instances) await store.joint.store(instance, keep, [fileOf(instance)]);
    const withoutFile = sampleInstance({ instance: "4" });
    await store.catalog.storeInstance({ ...withoutFile, attachments: [] }, keep);
    const root = await crashed(join(folder, "a"));
    const [lost, kept] = instances.map(uuidOf);
    if (lost === undefined || kept === undefined) throw new Error("three were stored");
    await rm(blobPath(join(root, "storage"), lost));

    const recovered = await open(root);
    expect(await recovered.catalog.statistics()).toMatchObject({ instances: 4 });
    for (const instance of instances)
      expect(await contentOf(recovered, uuidOf(instance))).toBe(fileOf(instance).toString());
    expect(await Array.fromAsync(recovered.storage.suspects(Date.now() + 60_000))).toEqual([lost]);
  });

  it("have nothing left to take up after an orderly end", async () => {
    const root = join(folder, "a");
    const store = await open(root);
    const instance = sampleInstance({ instance: "a" });
    await store.joint.store(instance, keep, [fileOf(instance)]);
    await opened.pop()?.catalog.close();
    await rm(blobPath(join(root, "storage"), uuidOf(instance)));
    const again = await open(root);
    await expect(contentOf(again, uuidOf(instance))).rejects.toMatchObject({ errorName: "InexistentFile" });
    expect(await again.catalog.statistics()).toMatchObject({ instances: 1 });
  });

  it("belong together: the journal of another catalog's storage is left alone", async () => {
    const store = await open(join(folder, "a"));
    const instance = sampleInstance({ instance: "a" });
    await store.joint.store(instance, keep, [fileOf(instance)]);
    const root = await crashed(join(folder, "a"));
    await expect(open(join(folder, "b"), join(root, "storage"))).rejects.toMatchObject({
      errorName: "IncompatibleConfigurations",
    });
    expect(await (await open(root)).catalog.statistics()).toMatchObject({ instances: 1 });
  });
});
