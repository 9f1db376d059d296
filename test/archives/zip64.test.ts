import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeZip, type ZipSource } from "../../src/archive/zip/write-zip.ts";
import { hasTool } from "../debian-tool.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { run } from "./unpack.ts";
import { sourcesOf, type TestFile } from "./zip-sources.ts";

const date = new Date();
const listing = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    entries = archive.infolist()
    last = entries[-1]
    print(json.dumps({"count": len(entries), "sizes": [[e.file_size, e.compress_size, e.header_offset] for e in entries[:3]],
                      "last": [last.filename, archive.read(last).decode()]}))
`;

interface Listing {
  readonly count: number;
  /** Size, packed size and offset of the first files. */
  readonly sizes: readonly (readonly [number, number, number])[];
  readonly last: readonly [name: string, text: string];
}

const list = (file: string): Listing => JSON.parse(run("python3", "-c", listing, file)) as Listing;

let folder = "";
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(!hasTool("python3"))("ZIP64", () => {
  it("counts more than 65535 files", async () => {
    const archive = join(folder, "many.zip");
    await pipeline(writeZip(sourcesOf(tinyFiles(66_000)), { filesAhead: 4, date }), createWriteStream(archive));
    expect(list(archive)).toMatchObject({ count: 66_000, last: ["207/65999", "65999"] });
    expect(run("unzip", "-tq", archive)).toContain("No errors detected");
  }, 60_000);

  it("holds a file, packed and unpacked, of more than 4 GiB, and files behind it", async () => {
    const piece = randomBytes(1 << 20);
    const size = (4096 + 8) * piece.length;
    const sources = async function* (): AsyncGenerator<ZipSource, void, void> {
      yield { name: "large", open: async () => ({ size, stream: repeated(piece, size / piece.length) }) };
      yield* sourcesOf([{ name: "last", data: Buffer.from("behind it") }]);
    };
    const archive = join(folder, "large.zip");
    const length = await writeEnds(writeZip(sources(), { filesAhead: 2, date }), archive);
    expect(length).toBeGreaterThan(size);
    const { sizes, last } = list(archive);
    const packed = sizes[0]?.[1] ?? 0;
    expect(packed).toBeGreaterThan(size);
    // Header with a ZIP64 field, name, data, descriptor of 24 bytes.
    const end = 30 + "large".length + 20 + packed + 24;
    expect(sizes.map(([size, , offset]) => [size, offset])).toEqual([
      [size, 0],
      ["behind it".length, end],
    ]);
    expect(last).toEqual(["last", "behind it"]);
    expect(run("unzip", "-l", archive)).toContain(String(size));
  }, 120_000);
});

function* tinyFiles(count: number): Generator<TestFile> {
  for (let at = 0; at < count; at++) yield { name: `${at % 256}/${at}`, data: Buffer.from(String(at)) };
}

async function* repeated(piece: Buffer, times: number): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < times; at++) yield piece;
}

/** Writes the first and the last chunks where they belong, a hole between them: the file needs no room on the disk. */
async function writeEnds(chunks: AsyncIterable<Buffer>, path: string): Promise<number> {
  const kept: { at: number; chunk: Buffer }[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    kept.push({ at: length, chunk });
    if (kept.length > 8) kept.splice(1, 1);
    length += chunk.length;
  }
  const file = await open(path, "w");
  for (const { at, chunk } of kept) await file.write(chunk, 0, chunk.length, at);
  await file.close();
  return length;
}
