import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetBytes } from "../../src/dicom/dataset-bytes.ts";
import { type GreyhavenProcess, startGreyhaven } from "../demo/greyhaven-process.ts";
import { freePort } from "../free-port.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { connectTo, contextFor, sendInstance } from "../scp/dicom-client.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** As in large-object.test.ts. */
const megabytes = Number(process.env["LARGE_OBJECT_MB"] ?? "600");
/** What the server may need on top of what it has when idle, in MB. */
const limit = 60;

describe.skipIf(process.platform !== "linux")(`an object of ${megabytes} MB by C-STORE`, () => {
  const large = makeLargeInstance(megabytes * 1_000_000);
  let folder: string;
  let server: GreyhavenProcess;
  let DicomPort: number;

  beforeAll(async () => {
    folder = await temporaryFolder();
    DicomPort = await freePort();
    server = await startGreyhaven(folder, await freePort(), { DicomPort });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  /** Resident memory in MB: now, or the most that it has been. */
  async function memory(field: "VmRSS" | "VmHWM"): Promise<number> {
    const status = await readFile(`/proc/${server.pid}/status`, "utf8");
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  }

  it("is stored whole within bounded memory", async () => {
    const sent = createHash("md5");
    async function* dataset(): AsyncGenerator<Uint8Array> {
      for await (const chunk of datasetBytes(large.stream())) {
        sent.update(chunk);
        yield chunk;
      }
    }
    const { SOPClassUID: sopClassUid, SOPInstanceUID: sopInstanceUid } = large.uids;
    const instance = { sopClassUid, sopInstanceUid, transferSyntaxUID: "1.2.840.10008.1.2.1", dataset: dataset() };
    const idle = await memory("VmRSS");
    const association = await connectTo(DicomPort, [contextFor(instance)]);
    expect(await sendInstance(association, instance)).toBe(0x0000);
    await association.release();
    const peak = await memory("VmHWM");
    console.log(`resident memory with ${megabytes} MB: idle ${idle.toFixed(0)} MB, peak ${peak.toFixed(0)} MB`);
    expect(peak - idle).toBeLessThan(limit);

    const found = await fetch(`${server.url}/tools/lookup`, { method: "POST", body: sopInstanceUid });
    const [{ ID }] = (await found.json()) as [{ readonly ID: string }];
    const file = await fetch(`${server.url}/instances/${ID}/file`);
    const kept = createHash("md5");
    for await (const chunk of datasetBytes(file.body ?? emptyFile())) kept.update(chunk);
    expect(kept.digest("hex")).toBe(sent.digest("hex"));
  }, 300_000);
});

async function* emptyFile(): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(new Uint8Array());
}
