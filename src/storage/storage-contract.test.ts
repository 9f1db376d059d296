import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFilesystemStorage } from "./filesystem.ts";
import { createMemoryStorage } from "./memory.ts";
import type { BlobStorage, ByteRange, ReadsInto } from "./storage.ts";

interface Opened {
  readonly storage: BlobStorage & ReadsInto;
  dispose(): Promise<void>;
}

async function inFiles(sync: boolean): Promise<Opened> {
  const root = await mkdtemp(join(tmpdir(), "greyhaven-storage-"));
  const storage = await createFilesystemStorage({ root, sync });
  return { storage, dispose: () => rm(root, { recursive: true }) };
}

const implementations = [
  { name: "files, each flushed", open: () => inFiles(true) },
  { name: "files, not flushed", open: () => inFiles(false) },
  { name: "memory", open: async (): Promise<Opened> => ({ storage: createMemoryStorage(), dispose: async () => {} }) },
];

async function* inChunks(data: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < data.length; start += length) yield data.subarray(start, start + length);
}

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(2_000_000);
  throw new Error("connection lost");
}

describe.each(implementations)("storage: $name", ({ open }) => {
  let opened: Opened;
  let storage: BlobStorage & ReadsInto;
  beforeEach(async () => {
    opened = await open();
    storage = opened.storage;
  });
  afterEach(() => opened.dispose());

  const read = async (uuid: string, range?: ByteRange) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of storage.read({ uuid, type: 1 }, range)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  it.each([0, 1, 5000, 3_000_000])("keeps a list of buffers of %i bytes", async (size) => {
    const uuid = randomUUID();
    const data = randomBytes(size);
    const half = size >> 1;
    expect((await storage.write(uuid, 1, [data.subarray(0, half), data.subarray(half)])).size).toBe(size);
    expect((await read(uuid)).equals(data)).toBe(true);
  });

  it.each([0, 10, 3_000_000])("keeps a stream of %i bytes", async (size) => {
    const uuid = randomUUID();
    const data = randomBytes(size);
    expect((await storage.write(uuid, 1, inChunks(data, 70_000))).size).toBe(size);
    expect((await read(uuid)).equals(data)).toBe(true);
  });

  it.each([
    { size: 5000, room: 5000 },
    { size: 5000, room: 6000 },
    { size: 5000, room: 100 },
    { size: 0, room: 10 },
    { size: 3_000_000, room: 3_000_000 },
  ])("reads a blob of $size bytes into room for $room", async ({ size, room }) => {
    const uuid = randomUUID();
    const data = randomBytes(size);
    await storage.write(uuid, 1, [data]);
    const into = Buffer.alloc(room);
    const expected = Math.min(size, room);
    expect(await storage.readInto({ uuid, type: 1 }, into)).toBe(expected);
    expect(into.subarray(0, expected).equals(data.subarray(0, expected))).toBe(true);
    await expect(storage.readInto({ uuid: randomUUID(), type: 1 }, into)).rejects.toMatchObject({
      errorName: "InexistentFile",
    });
  });

  it("keeps many small blobs that come at once apart", async () => {
    const blobs = Array.from({ length: 50 }, (_, at) => ({ uuid: randomUUID(), data: randomBytes(at * 100) }));
    await Promise.all(blobs.map(({ uuid, data }) => storage.write(uuid, 1, [data])));
    for (const { uuid, data } of blobs) expect((await read(uuid)).equals(data)).toBe(true);
  });

  it.each<[ByteRange]>([
    [{ start: 0, end: 10 }],
    [{ start: 999, end: 1000 }],
    [{ start: 10, end: 10 }],
    [{ start: 5, end: 2_500_000 }],
  ])("reads the range %o", async (range) => {
    const uuid = randomUUID();
    const data = randomBytes(2_500_000);
    await storage.write(uuid, 1, [data]);
    expect((await read(uuid, range)).equals(data.subarray(range.start, range.end))).toBe(true);
  });

  it("may be left in the middle of reading", async () => {
    const uuid = randomUUID();
    await storage.write(uuid, 1, [randomBytes(3_000_000)]);
    for await (const chunk of storage.read({ uuid, type: 1 })) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await storage.remove({ uuid, type: 1 });
  });

  it("throws InexistentFile for what is absent", async () => {
    await expect(read(randomUUID())).rejects.toMatchObject({ errorName: "InexistentFile" });
  });

  it("removes, also what is absent", async () => {
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("x")]);
    await storage.remove({ uuid, type: 1 });
    await storage.remove({ uuid, type: 1 });
    await expect(read(uuid)).rejects.toMatchObject({ errorName: "InexistentFile" });
  });

  it("leaves nothing behind when the data fail", async () => {
    const uuid = randomUUID();
    await expect(storage.write(uuid, 1, broken())).rejects.toThrow("connection lost");
    await expect(read(uuid)).rejects.toMatchObject({ errorName: "InexistentFile" });
    expect((await storage.write(uuid, 1, [Buffer.from("again")])).size).toBe(5);
  });

  it("never overwrites", async () => {
    const uuid = randomUUID();
    await storage.write(uuid, 1, [Buffer.from("first")]);
    await expect(storage.write(uuid, 1, [Buffer.from("second")])).rejects.toMatchObject({
      errorName: "CannotWriteFile",
    });
    expect((await read(uuid)).toString()).toBe("first");
  });
});
