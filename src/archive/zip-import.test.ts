import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { zipOf } from "../../test/archive/zip-writer.ts";
import { makeImage, makeStudy } from "../../test/phantoms/study.ts";
import { sharedData } from "../../test/shared-data.ts";
import { noLog } from "../util/log.ts";
import type { IngestResult, Origin } from "./archive.ts";
import { createZipImport } from "./zip-import.ts";

const origin: Origin = { kind: "RestApi" };
const images = [...makeStudy({ rows: 32, instances: 3 })].map(({ file }) => file);
const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = images;

interface Limits {
  readonly maximumFileSize?: number;
  readonly toleratedSize?: number;
}

async function importZip(
  open: TestArchive,
  bytes: Buffer,
  { maximumFileSize = 1 << 30, ...limits }: Limits = {},
): Promise<readonly IngestResult[]> {
  async function* body(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
  }
  return createZipImport({ archive: open.archive, log: noLog, maximumFileSize, ...limits })(body(), origin);
}

test("all instances of an archive are stored, in its order, and nothing else is left", async () => {
  await using open = await openTestArchive();
  const zip = zipOf(
    [
      { name: "folder/", data: Buffer.alloc(0) },
      { name: "folder/1", data: first },
      { name: "readme.txt", data: Buffer.from("no image") },
      { name: "folder/deep/2.dcm", data: second, deflate: true },
      { name: "../../3", data: third, deflate: true, streamed: true },
      { name: "stored and streamed", data: first, streamed: true },
    ],
    "a comment at the end",
  );
  const results = await importZip(open, zip);
  expect(results.map(({ uids }) => uids.SOPInstanceUID)).toEqual(
    [0, 1, 2, 0].map((at) => [...makeStudy({ rows: 32, instances: 3 })][at]?.uids.SOPInstanceUID),
  );
  expect(results.map(({ status }) => status).toSorted()).toEqual(["AlreadyStored", "Success", "Success", "Success"]);
  expect(open.storage.blobs.size).toBe(3);
});

test("encrypted files are passed over", async () => {
  await using open = await openTestArchive();
  const zip = zipOf([
    { name: "1", data: first, encrypted: true },
    { name: "2", data: second },
  ]);
  expect(await importZip(open, zip)).toHaveLength(1);
});

describe("bombs", () => {
  const zeros = makeImage({ rows: 16, attributes: [[0x7fe00010, "OW", Buffer.alloc(8 << 20)]] }).file;

  test("a file that unpacks to more than it may ends the import, and leaves nothing of it", async () => {
    await using open = await openTestArchive();
    const zip = zipOf([{ name: "bomb", data: zeros, deflate: true }]);
    await expect(importZip(open, zip, { maximumFileSize: 4 << 20 })).rejects.toMatchObject({
      errorName: "BadFileFormat",
    });
    expect(open.storage.blobs.size).toBe(0);
  });

  test("an archive that unpacks to far more than its size is given up", async () => {
    await using open = await openTestArchive();
    const zip = zipOf([{ name: "bomb", data: zeros, deflate: true }]);
    await expect(importZip(open, zip, { toleratedSize: 1 << 20 })).rejects.toMatchObject({
      errorName: "BadFileFormat",
    });
    expect(open.storage.blobs.size).toBe(0);
  });

  test("files that overlap are refused", async () => {
    await using open = await openTestArchive();
    const zip = zipOf([{ name: "bomb", data: zeros, deflate: true }]);
    const end = Buffer.from(zip.subarray(-22));
    const start = end.readUInt32LE(16);
    const entry = zip.subarray(start, -22);
    end.writeUInt16LE(2, 10);
    end.writeUInt32LE(entry.length * 2, 12);
    const bomb = Buffer.concat([zip.subarray(0, start), entry, entry, end]);
    await expect(importZip(open, bomb)).rejects.toThrow("its files overlap");
  });
});

describe("what is no archive", () => {
  const zip = zipOf([{ name: "1", data: first }]);

  test.each([
    { what: "cut short", bytes: zip.subarray(0, -30) },
    { what: "without end", bytes: Buffer.from("PK\u0003\u0004 and nothing more") },
    { what: "with an impossible directory", bytes: withDirectoryAt(zip, 0x7fffffff) },
    { what: "with a directory that is none", bytes: withDirectoryAt(zip, 0) },
  ])("$what: BadFileFormat", async ({ bytes }) => {
    await using open = await openTestArchive();
    await expect(importZip(open, bytes)).rejects.toMatchObject({ errorName: "BadFileFormat" });
    expect(open.storage.blobs.size).toBe(0);
  });
});

function withDirectoryAt(zip: Buffer, offset: number): Buffer {
  const changed = Buffer.from(zip);
  changed.writeUInt32LE(offset, changed.length - 6);
  return changed;
}

/** How many instances each archive has, by the manifest (`contains`); DICOMDIRs and what is in nested archives left out. */
describe.skipIf(sharedData() === undefined)("archives of the corpus", () => {
  test.each([
    { name: "two_dicom.zip", instances: 2 },
    { name: "duplicate_member.zip", instances: 2 },
    { name: "stored.zip", instances: 1 },
    { name: "bad_crc.zip", instances: 0 },
    { name: "mixed.zip", instances: 1 },
    { name: "nested.zip", instances: 1 },
    { name: "only_text.zip", instances: 0 },
    { name: "empty.zip", instances: 0 },
    { name: "many_members.zip", instances: 0 },
    { name: "unicode_names.zip", instances: 2 },
    { name: "path_traversal.zip", instances: 3 },
    { name: "bomb_100mb.zip", instances: 0 },
  ])("$name: $instances instances", async ({ name, instances }) => {
    await using open = await openTestArchive();
    const bytes = await readFile(join(sharedData() ?? "", "nondicom/archives", name));
    const results = await importZip(open, bytes);
    expect(results).toHaveLength(instances);
    expect(open.storage.blobs.size).toBe(results.filter(({ status }) => status === "Success").length);
  });
});
