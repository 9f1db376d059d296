import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDicom } from "../../src/dicom/parse.ts";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { type Peer, startStoreScp, storedFiles } from "./peers.ts";

const folder = sharedData();
const syntaxes = join(folder ?? "", "syntaxes", "ct-all-syntaxes");
const series = join(folder ?? "", "series");
const pixelData = 0x7fe00010;

interface StoreContent {
  readonly InstancesCount: number;
  readonly FailedInstancesCount: number;
}

interface Uploaded {
  readonly ID: string;
  readonly ParentStudy: string;
}

describe.skipIf(folder === undefined || !hasTool("storescp"))("C-STORE to DCMTK's storescp", () => {
  let server: TestServer;
  const peers: Record<string, Peer> = {};

  beforeAll(async () => {
    // Bit preserving: what comes is written as it comes.
    peers["any"] = await startStoreScp(["--accept-all", "--bit-preserving"]);
    peers["implicit"] = await startStoreScp(["--implicit", "--bit-preserving"]);
    peers["single"] = await startStoreScp();
    const Port = (name: string): number => peers[name]?.port ?? 0;
    server = await startTestServer({
      OverwriteInstances: "Always",
      LogExportedResources: true,
      DicomAssociationCloseDelay: 1,
      DicomModalities: {
        any: ["ANY", "localhost", Port("any")],
        implicit: ["IMPLICIT", "localhost", Port("implicit")],
        single: ["SINGLE", "localhost", Port("single")],
        strict: { AET: "IMPLICIT", Host: "localhost", Port: Port("implicit"), AllowTranscoding: false },
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await Promise.all(Object.values(peers).map((peer) => peer.stop()));
  });

  const upload = async (path: string): Promise<Uploaded> =>
    askJson<Uploaded>(server.url, "POST /instances", { body: await readFile(path) });

  /** Sends a file after it was stored, and gives what came. */
  async function sent(path: string, name: string): Promise<Buffer> {
    const { ID } = await upload(path);
    await askJson(server.url, `POST /modalities/${name}/store`, { body: [ID] });
    return onlyFile(name);
  }

  async function onlyFile(name: string): Promise<Buffer> {
    const peer = peers[name];
    if (peer === undefined) throw new Error(`no peer ${name}`);
    const names = await storedFiles(peer);
    expect(names).toHaveLength(1);
    const file = join(peer.folder, names[0] ?? "");
    const bytes = await readFile(file);
    await rm(file);
    return bytes;
  }

  const files = folder === undefined ? [] : readdirSync(syntaxes).map((name) => join(syntaxes, name));

  const takenByStorescp = files.filter((path) => !/Process(6_8|10_12|14Transfer)/.test(basename(path)));

  it.each(takenByStorescp)("sends %s as it is stored", { timeout: 60_000 }, async (path) => {
    const original = readFileSync(path);
    const came = parseDicom(await sent(path, "any"));
    const { transferSyntaxUID, datasetOffset, dataset } = parseDicom(original);
    expect(came.transferSyntaxUID).toBe(transferSyntaxUID);
    expect(came.dataset.text(0x00080018)).toBe(dataset.text(0x00080018));
    const straight = await ask(server.url, "POST /modalities/any/store-straight", { body: original });
    expect(straight.json()).toEqual({
      SOPClassUID: dataset.text(0x00080016),
      SOPInstanceUID: dataset.text(0x00080018),
    });
    const again = await onlyFile("any");
    const bytes = again.subarray(parseDicom(again).datasetOffset);
    expect(bytes.subarray(0, original.length - datasetOffset).equals(original.subarray(datasetOffset))).toBe(true);
    // What is of odd length in the file, the deflated one, has to be padded.
    expect(bytes.length).toBe(original.length - datasetOffset + ((original.length - datasetOffset) % 2));
  });

  it("transcodes what storescp does not take otherwise", { timeout: 60_000 }, async () => {
    const path = files.find((name) => name.includes("Process14Transfer")) ?? "";
    const { dataset, transferSyntaxUID } = parseDicom(await sent(path, "any"));
    expect(transferSyntaxUID).toBe("1.2.840.10008.1.2.1");
    expect(sha256(dataset.get(pixelData)?.value)).toBe(
      pixelsTruth(`syntaxes/ct-all-syntaxes/${basename(path)}`).sha256[0],
    );
  });

  const lossless = files.filter((path) => /BigEndian|Deflated|Lossless|SV1|Process14|Explicit/.test(basename(path)));

  it.each(lossless)("transcodes %s for a modality that takes implicit VR only", { timeout: 60_000 }, async (path) => {
    const truth = pixelsTruth(`syntaxes/ct-all-syntaxes/${basename(path)}`);
    const { dataset, transferSyntaxUID } = parseDicom(await sent(path, "implicit"));
    expect(transferSyntaxUID).toBe("1.2.840.10008.1.2");
    expect(sha256(dataset.get(pixelData)?.value)).toBe(truth.sha256[0]);
    expect(dataset.text(0x00080018)).toBe(parseDicom(readFileSync(path)).dataset.text(0x00080018));
  });

  it("does not transcode for a modality that does not allow it", async () => {
    const { ID } = await upload(files.find((path) => path.includes("RLE")) ?? "");
    const answer = await ask(server.url, "POST /modalities/strict/store", { body: [ID] });
    expect(answer.status).toBe(500);
    expect(answer.json()).toMatchObject({ OrthancStatus: 2015 });
    expect(await storedFiles(peers["implicit"] ?? neverPeer)).toEqual([]);
  });

  it(
    "sends a study of several SOP classes, series by series, and says so in /exports",
    { timeout: 60_000 },
    async () => {
      const rt = readdirSync(join(series, "rt-dicompyler")).map((name) => join(series, "rt-dicompyler", name));
      const uploaded = [];
      for (const path of rt) uploaded.push(await upload(path));
      const studies = [...new Set(uploaded.map(({ ParentStudy }) => ParentStudy))];
      const content = await askJson<StoreContent>(server.url, "POST /modalities/any/store", { body: studies });
      expect(content).toMatchObject({
        InstancesCount: rt.length,
        FailedInstancesCount: 0,
        Resources: studies.map((ID) => ({ ID, Type: "Study" })),
      });
      expect(await storedFiles(peers["any"] ?? neverPeer)).toHaveLength(rt.length);
      const { Exports } = await askJson<{ Exports: readonly object[] }>(server.url, "GET /exports?last");
      expect(Exports).toMatchObject([{ ResourceType: "Study", RemoteModality: "any", ID: studies.at(-1) }]);
    },
  );

  it("uses an association again, and releases it when it is idle", { timeout: 60_000 }, async () => {
    const { ID } = await upload(join(series, "rt-dicompyler", readdirSync(join(series, "rt-dicompyler"))[0] ?? ""));
    const peer = peers["single"] ?? neverPeer;
    for (let round = 0; round < 3; round += 1) {
      await askJson(server.url, "POST /modalities/single/store", { body: [ID] });
    }
    expect(count(peer.log(), "Association Acknowledged")).toBe(1);
    // Other contexts need another association; this modality takes one at a time.
    await askJson(server.url, "POST /modalities/single/echo", { body: {} });
    expect(count(peer.log(), "Association Acknowledged")).toBe(2);
    await expect.poll(() => count(peer.log(), "Association Release"), { timeout: 10_000 }).toBe(2);
  });
});

const neverPeer: Peer = { port: 0, folder: "", log: () => "", stop: async () => {} };

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function sha256(bytes: Buffer | undefined): string {
  return createHash("sha256")
    .update(bytes ?? "")
    .digest("hex");
}

function pixelsTruth(path: string): { readonly sha256: readonly string[] } {
  const truth = JSON.parse(readFileSync(join(folder ?? "", "truth", "pixels.json"), "utf8")) as Record<
    string,
    { readonly sha256: readonly string[] }
  >;
  const found = truth[path];
  if (found === undefined) throw new Error(`no truth for ${path}`);
  return found;
}
