import { readFile, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GreyhavenProcess, startGreyhaven } from "../demo/greyhaven-process.ts";
import { freePort } from "../free-port.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Of the whole archive; `LARGE_ARCHIVE_MB=5000` makes it the size that docs/PERFORMANCE.md speaks of. */
const megabytes = Number(process.env["LARGE_ARCHIVE_MB"] ?? "400");
/** Resident memory, in MB. */
const limit = 200;

describe.skipIf(process.platform !== "linux")(`an archive of ${megabytes} MB`, () => {
  let folder: string;
  let server: GreyhavenProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startGreyhaven(folder, await freePort(), {});
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function peakMemory(): Promise<number> {
    const status = await readFile(`/proc/${server.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  async function upload(size: number, seed: number): Promise<string> {
    const large = makeLargeInstance(size, seed);
    const body = Readable.toWeb(Readable.from(large.stream()));
    const headers = { "Content-Length": String(large.size) };
    const answer = await fetch(`${server.url}/instances`, { method: "POST", body, headers, duplex: "half" });
    const { ParentStudy } = (await answer.json()) as { readonly ParentStudy: string };
    return ParentStudy;
  }

  it("streams within bounded memory", async () => {
    const Resources = [await upload(megabytes * 500_000, 1), await upload(megabytes * 500_000, 2)];
    const body = JSON.stringify({ Resources, Synchronous: true });
    const archive = await fetch(`${server.url}/tools/create-archive`, { method: "POST", body });
    let start = Buffer.alloc(0);
    let size = 0;
    for await (const chunk of archive.body ?? []) {
      if (size < 4) start = Buffer.concat([start, chunk.subarray(0, 4)]);
      size += chunk.length;
    }
    const peak = await peakMemory();
    console.log(`archive of ${megabytes} MB: ${size} bytes, peak ${peak.toFixed(0)} MB`);
    expect([archive.status, start.subarray(0, 4).toString("latin1")]).toEqual([200, "PK\x03\x04"]);
    expect(size).toBeGreaterThan(100_000);
    expect(peak).toBeLessThan(limit);
  }, 600_000);
});
