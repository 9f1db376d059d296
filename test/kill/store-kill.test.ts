import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rm } from "node:fs/promises";
import { parseDicom } from "../../src/dicom/parse.ts";
import { startGreyhaven, type GreyhavenProcess } from "../demo/greyhaven-process.ts";
import { freePort } from "../free-port.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { makeImage } from "../phantoms/study.ts";
import { connectTo, contextFor, type Instance, sendInstance } from "../scp/dicom-client.ts";
import { ask, askJson } from "../server/ask.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const rounds = 6;
const senders = 4;
/** Beyond the memory of one upload: streamed into the storage. */
const largeSize = 1.5 * 2 ** 20;

let folder: string;
let server: GreyhavenProcess;
/** SHA-1 of each dataset whose storage was acknowledged by success, by SOP Instance UID. */
const acknowledged = new Map<string, string>();

interface Sample extends Instance {
  readonly dataset: Buffer;
}

/** Small ones, which the journal makes durable, larger ones and streamed ones take turns. */
async function sample(seed: number): Promise<Sample> {
  const isLarge = seed % 12 === 0;
  const file = isLarge
    ? Buffer.concat(await Array.fromAsync(makeLargeInstance(largeSize, seed).stream()))
    : makeImage({ seed, rows: seed % 3 === 0 ? 256 : 48 }).file;
  const { dataset, datasetOffset, transferSyntaxUID } = parseDicom(file, { stopAtPixelData: true });
  return {
    sopClassUid: dataset.text(0x00080016) ?? "",
    sopInstanceUid: dataset.text(0x00080018) ?? "",
    transferSyntaxUID,
    dataset: file.subarray(datasetOffset),
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** Sends instances until the server is gone. */
async function sendUntilKilled(port: number, firstSeed: number, kill: () => void): Promise<void> {
  const kinds = await Promise.all([sample(1), sample(12)]);
  const contexts = new Map(kinds.map((kind) => [kind.sopClassUid, contextFor(kind)]));
  const association = await connectTo(port, [...contexts.values()]);
  for (let seed = firstSeed; association.isOpen; seed += senders) {
    const instance = await sample(seed);
    const status = await sendInstance(association, instance).catch(() => undefined);
    if (status === undefined) break;
    expect(status).toBe(0x0000);
    acknowledged.set(instance.sopInstanceUid, hashOf(instance.dataset));
    kill();
  }
}

/** Sends over several associations and kills the server without warning once it has acknowledged some instances. */
async function killDuringStore(round: number): Promise<void> {
  const DicomPort = await freePort();
  server = await startGreyhaven(folder, await freePort(), { DicomPort });
  const killAt = acknowledged.size + 8 + ((round * 7) % 13);
  const kill = (): void => {
    if (acknowledged.size >= killAt) void server.kill();
  };
  const first = (sender: number): number => round * 1_000_000 + sender;
  await Promise.all(Array.from({ length: senders }, (_, sender) => sendUntilKilled(DicomPort, first(sender), kill)));
  await server.ended;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  for (let round = 1; round <= rounds; round++) await killDuringStore(round);
  server = await startGreyhaven(folder, await freePort(), {});
}, 180_000);

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

describe(`after ${rounds} kills during C-STORE`, () => {
  test("every instance whose success was told is there, with all its bytes", async () => {
    expect(acknowledged.size).toBeGreaterThanOrEqual(rounds * 8);
    for (const [uid, hash] of acknowledged) {
      const [found] = await askJson<readonly { readonly ID: string }[]>(server.url, "POST /tools/lookup", {
        body: uid,
      });
      const { bytes } = await ask(server.url, `GET /instances/${found?.ID}/file`);
      const { datasetOffset } = parseDicom(bytes, { stopAtPixelData: true });
      expect(hashOf(bytes.subarray(datasetOffset)), uid).toBe(hash);
    }
  });
});
