import { randomBytes, randomUUID } from "node:crypto";
import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/temporary-folder.ts";
import { blobPath } from "./blob-path.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { createJournaledFiles, journalPaths, type JournaledFilesOptions } from "./journaled-files.ts";
import { replayJournal } from "./replay.ts";

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder, "storage");
  await replayJournal(root);
});
afterEach(() => rm(folder, { recursive: true }));

/** Numbers of the last entry at which the records were flushed. */
function open(options: Partial<JournaledFilesOptions> = {}) {
  const flushedAt: number[] = [];
  const files = createJournaledFiles(
    { root, sync: true, capacity: 1 << 20, next: 1, ...options },
    { flushRecords: () => flushedAt.push(files.last), failed: () => {} },
  );
  return { files, flushedAt };
}

let made = 0;
function entryOf(size: number): JournalEntry {
  made += 1;
  return { uuid: randomUUID(), file: randomBytes(size), record: Buffer.from(`record ${made}`) };
}

/** The storage as a crash leaves it: what is on the disk now, without the orderly end. */
async function afterCrash(): Promise<string> {
  const crashed = join(folder, "crashed");
  await cp(root, crashed, { recursive: true });
  return crashed;
}

const textsOf = (entries: readonly { readonly record: Uint8Array }[]) =>
  entries.map(({ record }) => Buffer.from(record).toString());

describe("files with a journal", () => {
  it("are there when the call returns, under Orthanc's layout", async () => {
    const { files } = open();
    const entry = entryOf(4000);
    expect(files.store([entry])).toBe(true);
    expect((await readFile(blobPath(root, entry.uuid))).equals(entry.file)).toBe(true);
    await files.close();
  });

  it("may have been written before, and are flushed", async () => {
    const { files } = open();
    const entry = entryOf(4000);
    const before = { ...entry, file: Buffer.alloc(0), isUnflushed: true };
    expect(() => files.store([before])).toThrow(/ENOENT/);
    await mkdir(dirname(blobPath(root, entry.uuid)), { recursive: true });
    await writeFile(blobPath(root, entry.uuid), entry.file);
    expect(files.store([before])).toBe(true);
    await files.close();
    const left = await replayJournal(root);
    expect([left.entries, left.restored]).toEqual([[], []]);
  });

  it("never overwrite, and leave nothing behind when one of them cannot be written", async () => {
    const { files } = open();
    const [first, second] = [entryOf(100), entryOf(100)];
    files.store([first]);
    expect(() => files.store([second, { ...first, file: randomBytes(50) }])).toThrow(/Cannot write/);
    expect((await readFile(blobPath(root, first.uuid))).equals(first.file)).toBe(true);
    await expect(readFile(blobPath(root, second.uuid))).rejects.toThrow("ENOENT");
    expect(files.last).toBe(1);
    await files.close();
  });

  it("are brought back, with their records, when a power cut has damaged or undone them", async () => {
    const { files } = open({ next: 7 });
    const entries = Array.from({ length: 6 }, () => entryOf(4000));
    files.store(entries.slice(0, 4));
    files.store(entries.slice(4));
    const crashed = await afterCrash();
    const [lost, empty] = entries;
    if (lost === undefined || empty === undefined) throw new Error("six files were written");
    await rm(blobPath(crashed, lost.uuid));
    await truncate(blobPath(crashed, empty.uuid), 0);

    const left = await replayJournal(crashed);
    for (const { uuid, file } of entries) expect((await readFile(blobPath(crashed, uuid))).equals(file)).toBe(true);
    expect(left.restored).toEqual([lost.uuid, empty.uuid]);
    expect(left.entries.map(({ number }) => number)).toEqual([7, 8, 9, 10, 11, 12]);
    expect(textsOf(left.entries)).toEqual(textsOf(entries));
    await files.close();
  });

  it("may be in the storage already: then only the record is kept", async () => {
    const { files } = open();
    const entry = { ...entryOf(0), uuid: randomUUID() };
    files.store([entry]);
    const left = await replayJournal(await afterCrash());
    expect(textsOf(left.entries)).toEqual(textsOf([entry]));
    expect(left.restored).toEqual([]);
    await files.close();
  });
});

describe("the journal", () => {
  it("is empty after an orderly end, when the records have been flushed", async () => {
    const { files, flushedAt } = open();
    files.store([entryOf(100), entryOf(100)]);
    await files.close();
    expect(flushedAt).toEqual([2]);
    expect((await replayJournal(root)).entries).toEqual([]);
  });

  it("is kept when the records cannot be flushed", async () => {
    const entry = entryOf(100);
    const failures: unknown[] = [];
    const files = createJournaledFiles(
      { root, sync: true, capacity: 1 << 20, next: 1 },
      {
        flushRecords() {
          throw new Error("the disk is full");
        },
        failed: (error) => failures.push(error),
      },
    );
    files.store([entry]);
    await files.close();
    expect(failures).toEqual([new Error("the disk is full")]);
    expect(textsOf((await replayJournal(root)).entries)).toEqual(textsOf([entry]));
  });

  it("ends at an entry that was cut off", async () => {
    const { files } = open();
    const [first, second, third] = [entryOf(1000), entryOf(1000), entryOf(1000)];
    files.store([first, second, third]);
    const [path] = journalPaths(await afterCrash());
    const bytes = await readFile(path);
    bytes[bytes.indexOf(second.file) + 500] = (second.file[500] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const left = await replayJournal(join(folder, "crashed"));
    expect(textsOf(left.entries)).toEqual(textsOf([first]));
    await files.close();
  });

  it("lets go of entries only after their files and records are flushed, and ignores what they leave behind", async () => {
    const { files, flushedAt } = open({ capacity: 10_000 });
    const entries = Array.from({ length: 7 }, () => entryOf(2500));
    for (const entry of entries.slice(0, 4)) expect(files.store([entry])).toBe(true);
    await expect.poll(() => flushedAt).toEqual([4]);
    for (const entry of entries.slice(4)) expect(files.store([entry])).toBe(true);
    await expect.poll(() => flushedAt).toEqual([4, 7]);
    const left = await replayJournal(await afterCrash());
    expect(textsOf(left.entries)).toEqual(textsOf(entries.slice(6)));
    await files.close();
  });

  it("has no room while both of its files are full: then files are flushed one by one", async () => {
    const { files } = open({ capacity: 6000 });
    const entries = Array.from({ length: 5 }, () => entryOf(2500));
    expect(entries.map((entry) => files.store([entry]))).toEqual([true, true, true, true, false]);
    for (const { uuid, file } of entries) expect((await readFile(blobPath(root, uuid))).equals(file)).toBe(true);
    const left = await replayJournal(await afterCrash());
    // The first of its files may have been flushed, and emptied, meanwhile.
    const possible = [entries.slice(0, 4), entries.slice(2, 4)].map((each) => textsOf(each));
    expect(possible).toContainEqual(textsOf(left.entries));
    await files.close();
  });
});
