import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFilesystemStorage } from "./filesystem.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "greyhaven-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (suspects: readonly string[] = []) =>
  createFilesystemStorage({ root: join(folder, "storage"), sync: true, suspects });
const pathOf = (uuid: string) => join(folder, "storage", uuid.slice(0, 2), uuid.slice(2, 4), uuid);

async function listed(names: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const name of names) found.push(name);
  return found.sort();
}

describe("files", () => {
  it("have Orthanc's layout", async () => {
    const storage = await open();
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("bytes")]);
    expect((await readFile(pathOf(uuid))).toString()).toBe("bytes");
  });

  it.each(["../../etc/passwd", "..", "", "abcd", "ABCDEF01-0000-4000-8000-000000000000"])(
    "are not reached by the name %j",
    async (uuid) => {
      const storage = await open();
      await expect(storage.write(uuid, 1, [Buffer.from("x")])).rejects.toMatchObject({
        errorName: "ParameterOutOfRange",
      });
    },
  );

  it("are not mixed with those of an Orthanc", async () => {
    await mkdir(join(folder, "storage"));
    await writeFile(join(folder, "storage", "index"), "SQLite format 3\0…");
    await expect(open()).rejects.toMatchObject({ errorName: "IncompatibleDatabaseVersion" });
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
  });

  it("are not looked for in folders that have not changed", async () => {
    const storage = await open();
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("x")]);
    await utimes(join(pathOf(uuid), ".."), 1000, 1000);
    expect(await listed(storage.suspects(2_000_000))).toEqual([]);
  });

  it("are those that others suspect, too", async () => {
    const storage = await open(["other"]);
    expect(await listed(storage.suspects(0))).toEqual(["other"]);
  });
});
