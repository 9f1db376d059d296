import { readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../cloud/emulator.ts";
import { type GreyhavenProcess, startGreyhaven } from "../demo/greyhaven-process.ts";
import { callJson } from "../demo/rest-client.ts";
import { freePort } from "../free-port.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** `LARGE_OBJECT_MB=2048` makes it the size that docs/PERFORMANCE.md speaks of; as memory is bounded, a smaller one shows the same sooner. */
const megabytes = Number(process.env["LARGE_OBJECT_MB"] ?? "600");
const limit = 250;

const store = { Project: "p", Location: "l", Dataset: "d", DicomStore: "s" };

let folder: string;
let emulator: Emulator;
let server: GreyhavenProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ spoolFolder: folder });
  emulator.createStore(store.Project, store.Location, store.Dataset, store.DicomStore);
  await writeFile(`${folder}/ca.pem`, emulator.certificateAuthority);
  await writeFile(`${folder}/key.json`, JSON.stringify(emulator.createServiceAccount()));
  server = await startGreyhaven(folder, await freePort(), {
    HttpsCACertificates: "ca.pem",
    GoogleCloudPlatform: {
      BaseUrl: emulator.baseUrl,
      Accounts: { cloud: { ...store, ServiceAccountFile: "key.json" } },
    },
  });
});

afterAll(async () => {
  await server.stop();
  await emulator.close();
  await rm(folder, { recursive: true });
});

/** The most memory that the server has had, in MB. */
async function peakMemory(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

describe.skipIf(process.platform !== "linux")(`an object of ${megabytes} MB`, () => {
  const large = makeLargeInstance(megabytes * 1_000_000);
  let study = "";

  it("is uploaded by POST within bounded memory", async () => {
    const upload = request(`${server.url}/instances`, { method: "POST", headers: { "Content-Length": large.size } });
    const answered = new Promise<string>((resolve, reject) => {
      upload.on("error", reject);
      upload.on(
        "response",
        (response) =>
          void response
            .setEncoding("utf8")
            .toArray()
            .then((parts) => resolve(parts.join("")), reject),
      );
    });
    await pipeline(Readable.from(large.stream()), upload);
    const stored: { readonly Status: string; readonly ParentStudy: string } = JSON.parse(await answered);
    expect(stored.Status).toBe("Success");
    study = stored.ParentStudy;
    expect(await peakMemory()).toBeLessThan(limit);
  }, 300_000);

  it("goes to the cloud by STOW-RS within bounded memory", async () => {
    await callJson(`${server.url}/dicom-web/servers/cloud/stow`, { json: { Resources: [study], Synchronous: true } });
    const held = emulator.instances("projects/p/locations/l/datasets/d/dicomStores/s");
    expect(held.map(({ SOPInstanceUID, size }) => ({ SOPInstanceUID, size }))).toEqual([
      { SOPInstanceUID: large.uids.SOPInstanceUID, size: large.size },
    ]);
    expect(await peakMemory()).toBeLessThan(limit);
    console.log(`peak resident memory with ${megabytes} MB: ${(await peakMemory()).toFixed(0)} MB`);
  }, 300_000);
});
