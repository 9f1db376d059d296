import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeZip } from "../../src/archive/zip/write-zip.ts";
import { hasTool } from "../debian-tool.ts";
import { makeImage } from "../phantoms/study.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { run, unpack } from "./unpack.ts";
import { sourcesOf, type TestFile } from "./zip-sources.ts";

const megabyte = 1 << 20;
const noise = randomBytes(7 * megabyte);

/** Sizes around those of the pieces that are packed at once, and of the files that are packed before their turn. */
const files: readonly TestFile[] = [
  { name: "empty", data: Buffer.alloc(0) },
  { name: "one byte", data: Buffer.of(7) },
  { name: "text/long.txt", data: Buffer.from("All work and no play. ".repeat(50_000)) },
  { name: "images/CT000001.dcm", data: makeImage({ rows: 512 }).file, chunk: 65_536 },
  { name: "Jérôme/山田 太郎/1.dcm", data: Buffer.from("letters") },
  { name: "one piece", data: noise.subarray(0, megabyte) },
  { name: "held", data: noise.subarray(0, 4 * megabyte), chunk: 100_000 },
  { name: "flowing", data: noise, chunk: 65_536 },
  { name: "flowing zeros", data: Buffer.alloc(9 * megabyte) },
  { name: "of unknown size", data: noise.subarray(1), size: undefined },
  { name: "small of unknown size", data: Buffer.from("small"), size: undefined },
];

describe("an archive of files of all sizes", () => {
  let folder = "";
  let archive = "";
  beforeAll(async () => {
    folder = await temporaryFolder();
    archive = join(folder, "archive.zip");
    const date = new Date(2026, 10, 27, 12, 34, 56);
    await pipeline(writeZip(sourcesOf(files), { filesAhead: 3, date }), createWriteStream(archive));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.skipIf(!hasTool("python3"))("is read by Python's zipfile, byte for byte", () => {
    const expected = files.map(({ name, data }) => ({
      name,
      size: data.length,
      sha1: createHash("sha1").update(data).digest("hex"),
      method: 8,
    }));
    expect(unpack(archive)).toEqual(expected);
  });

  it.skipIf(!hasTool("unzip"))("passes the test of Info-ZIP, with its date", () => {
    expect(run("unzip", "-tq", archive)).toContain("No errors detected");
    expect(run("unzip", "-l", archive)).toContain("2026-11-27 12:34   one byte");
  });

  it.skipIf(!hasTool("7zz"))("passes the test of 7-Zip", () => {
    expect(run("7zz", "t", archive)).toContain("Everything is Ok");
  });
});

describe.skipIf(!hasTool("unzip"))("an archive without files", () => {
  it("is an archive nevertheless", async () => {
    const chunks = await Array.fromAsync(writeZip(sourcesOf([]), { filesAhead: 3, date: new Date() }));
    // APPNOTE.TXT §4.3.16: the end record alone.
    expect(Buffer.concat(chunks).toString("hex")).toBe(`504b0506${"00".repeat(18)}`);
  });
});
