import { randomBytes, randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noLog } from "../util/log.ts";
import { createFilesystemStorage, type FilesystemStorageOptions } from "./filesystem.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "greyhaven-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (options: Partial<FilesystemStorageOptions> = {}) =>
  createFilesystemStorage({ root: join(folder, "storage"), sync: true, log: noLog, ...options });
const pathOf = (uuid: string, root = "storage") => join(folder, root, uuid.slice(0, 2), uuid.slice(2, 4), uuid);

async function listed(names: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const name of names) found.push(name);
  return found.sort();
}

/** The storage as a crash leaves it: what is on the disk now, without the orderly end. */
async function afterCrash(): Promise<string> {
  await cp(join(folder, "storage"), join(folder, "crashed"), { recursive: true });
  return join(folder, "crashed");
}

describe("files", () => {
  it("have Orthanc's layout", async () => {
    const storage = await open();
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("bytes")]);
    expect((await readFile(pathOf(uuid))).toString()).toBe("bytes");
    await storage.close();
  });

  it.each(["../../etc/passwd", "..", "", "abcd", "ABCDEF01-0000-4000-8000-000000000000"])(
    "are not reached by the name %j",
    async (uuid) => {
      const storage = await open();
      await expect(storage.write(uuid, 1, [Buffer.from("x")])).rejects.toMatchObject({
        errorName: "ParameterOutOfRange",
      });
      await storage.close();
    },
  );

  it("are not mixed with those of an Orthanc", async () => {
    await mkdir(join(folder, "storage"));
    await writeFile(join(folder, "storage", "index"), "SQLite format 3\0…");
    await expect(open()).rejects.toMatchObject({ errorName: "IncompatibleDatabaseVersion" });
  });
});

describe("the journal", () => {
  it("brings back small blobs that a power cut has damaged or undone", async () => {
    const storage = await open();
    const blobs = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const blob = { uuid: randomUUID(), data: randomBytes(4000) };
        await storage.write(blob.uuid, 1, [blob.data]);
        return blob;
      }),
    );
    const root = await afterCrash();
    const [lost, empty, ...kept] = blobs;
    if (lost === undefined || empty === undefined) throw new Error("six blobs were written");
    await rm(pathOf(lost.uuid, "crashed"));
    await truncate(pathOf(empty.uuid, "crashed"), 0);

    const recovered = await open({ root });
    for (const { uuid, data } of blobs) expect((await readFile(pathOf(uuid, "crashed"))).equals(data)).toBe(true);
    expect(await listed(recovered.suspects(Date.now() + 60_000))).toEqual([lost.uuid, empty.uuid].sort());
    expect(kept).toHaveLength(4);
    await recovered.close();
    await storage.close();
  });

  it("brings them back when flushing is switched off meanwhile", async () => {
    const storage = await open();
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("bytes")]);
    const root = await afterCrash();
    await rm(pathOf(uuid, "crashed"));
    await (await open({ root, sync: false })).close();
    expect((await readFile(pathOf(uuid, "crashed"))).toString()).toBe("bytes");
    await storage.close();
  });

  it("is empty after an orderly end", async () => {
    const storage = await open();
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("bytes")]);
    await storage.close();
    await rm(pathOf(uuid));
    const again = await open();
    await expect(stat(pathOf(uuid))).rejects.toThrow("ENOENT");
    await again.close();
  });

  it("ignores a record that was cut off and what an earlier use left behind it", async () => {
    const storage = await open();
    const [first, second] = [randomUUID(), randomUUID()];
    await storage.write(first, 1, [Buffer.alloc(1000, 1)]);
    await storage.write(second, 1, [Buffer.alloc(1000, 2)]);
    const root = await afterCrash();
    const journal = join(root, "journal", "0");
    const bytes = await readFile(journal);
    bytes[64 + 1000 + 64 + 500] = 9;
    await writeFile(journal, bytes);
    await rm(pathOf(first, "crashed"));
    await rm(pathOf(second, "crashed"));
    const recovered = await open({ root });
    expect(await listed(recovered.suspects(Date.now() + 60_000))).toEqual([first]);
    await recovered.close();
    await storage.close();
  });

  it("goes on when both of its files are full", async () => {
    const storage = await open({ journalCapacity: 20_000 });
    const blobs = Array.from({ length: 60 }, () => ({ uuid: randomUUID(), data: randomBytes(3000) }));
    await Promise.all(blobs.map(({ uuid, data }) => storage.write(uuid, 1, [data])));
    const root = await afterCrash();
    for (const { uuid, data } of blobs) expect((await readFile(pathOf(uuid, "crashed"))).equals(data)).toBe(true);
    await storage.close();
    await (await open({ root })).close();
  });

  it("takes small blobs only", async () => {
    const storage = await open({ journaledSize: 100 });
    const [small, large] = [randomUUID(), randomUUID()];
    await storage.write(small, 1, [Buffer.alloc(100, 1)]);
    await storage.write(large, 1, [Buffer.alloc(101, 1)]);
    const journal = (await readFile(join(folder, "storage", "journal", "0"))).toString("latin1");
    expect(journal.includes(small)).toBe(true);
    expect(journal.includes(large)).toBe(false);
    await storage.close();
  });
});

describe("suspects", () => {
  it("are the blobs written since a time, and nothing that has another name", async () => {
    const storage = await open();
    const [old, recent] = [randomUUID(), randomUUID()];
    await storage.write(old, 1, [Buffer.from("x")]);
    await storage.write(recent, 1, [Buffer.from("x")]);
    await utimes(pathOf(old), 1000, 1000);
    await writeFile(join(folder, "storage", recent.slice(0, 2), recent.slice(2, 4), "notes.txt"), "not a blob");
    await writeFile(join(folder, "storage", "readme"), "not a blob");
    expect(await listed(storage.suspects(2_000_000))).toEqual([recent]);
    expect(await listed(storage.suspects(0))).toEqual([old, recent].sort());
    await storage.close();
  });

  it("are not looked for in folders that have not changed", async () => {
    const storage = await open();
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("x")]);
    await utimes(join(pathOf(uuid), ".."), 1000, 1000);
    expect(await listed(storage.suspects(2_000_000))).toEqual([]);
    await storage.close();
  });
});
