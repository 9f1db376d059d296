import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFileArchive, type FileArchive } from "../archive/open-file-archive.ts";

const program = join(import.meta.dirname, "ingesting-process.ts");
const rounds = 20;

let folder: string;
/** Twenty processes compile the same modules. */
let compileCache: string;
let open: FileArchive;
/** SHA-256 of each file whose storage was acknowledged, by the identifier of the instance. */
const acknowledged = new Map<string, string>();

/** Lets a process ingest and kills it without warning once it has acknowledged some instances. */
async function killDuringIngest(round: number): Promise<void> {
  const child = spawn(process.execPath, [program, folder, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  const closed = once(child, "close");
  const killAt = acknowledged.size + 5 + ((round * 7) % 13);
  for await (const line of createInterface({ input: child.stdout })) {
    const [instance = "", sha256 = ""] = line.split(" ");
    // The last line may be torn.
    if (sha256.length === 64) acknowledged.set(instance, sha256);
    if (acknowledged.size === killAt) child.kill("SIGKILL");
  }
  expect(await closed).toEqual([null, "SIGKILL"]);
}

async function blobsInFolder(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.map((name) => name.split("/").at(-1) ?? "").filter((name) => /^[0-9a-f-]{36}$/.test(name));
}

async function orphans(): Promise<string[]> {
  const blobs = await blobsInFolder();
  const known = await open.catalog.knownBlobs(blobs);
  return blobs.filter((blob) => !known.has(blob));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "greyhaven-kill-"));
  compileCache = await mkdtemp(join(tmpdir(), "greyhaven-compiled-"));
  for (let round = 1; round <= rounds; round++) await killDuringIngest(round);
  open = await openFileArchive(folder);
}, 400_000);

afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  await rm(compileCache, { recursive: true });
});

describe(`after ${rounds} kills during ingest`, () => {
  test("every acknowledged instance is there and readable", async () => {
    expect(acknowledged.size).toBeGreaterThan(rounds * 5);
    for (const [instance, sha256] of acknowledged) {
      const file = await open.archive.open(instance, 1);
      const hash = createHash("sha256");
      for await (const chunk of file?.stream ?? []) hash.update(chunk);
      expect(hash.digest("hex"), instance).toBe(sha256);
    }
  });

  test("no row is without its bytes", async () => {
    const instances = await open.catalog.find({ level: "Instance", include: { attachments: true } });
    expect(instances.length).toBeGreaterThanOrEqual(acknowledged.size);
    for (const { publicId, attachments = [] } of instances) {
      expect(attachments).toHaveLength(1);
      for (const attachment of attachments) {
        let size = 0;
        for await (const chunk of open.storage.read(attachment)) size += chunk.length;
        expect(size, publicId).toBe(attachment.compressedSize);
      }
    }
    expect(await open.catalog.statistics()).toMatchObject({ instances: instances.length });
  });

  test("orphans are swept", async () => {
    await expect.poll(orphans, { timeout: 10_000 }).toEqual([]);
  });
});
