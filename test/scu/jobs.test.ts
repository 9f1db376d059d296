import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer, type TestServerOptions } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { type Answer, type GatedScp, startGatedScp, status } from "./gated-scp.ts";

const folder = sharedData();
const series = join(folder ?? "", "series", "rt-dicompyler");

interface Job {
  readonly State: string;
  readonly ErrorCode: number;
  readonly Content: Record<string, unknown>;
}

interface Submitted {
  readonly ID: string;
}

/** Three instances of one study. */
async function upload({ url }: TestServer): Promise<readonly string[]> {
  const names = (await readdir(series)).toSorted().slice(0, 3);
  const ids = [];
  for (const name of names) {
    const { ID } = await askJson<Submitted>(url, "POST /instances", { body: await readFile(join(series, name)) });
    ids.push(ID);
  }
  return ids;
}

async function submit({ url }: TestServer, Resources: readonly string[], more: object = {}): Promise<string> {
  const body = { Resources, Asynchronous: true, ...more };
  return (await askJson<Submitted>(url, "POST /modalities/peer/store", { body })).ID;
}

const job = ({ url }: TestServer, id: string): Promise<Job> => askJson<Job>(url, `GET /jobs/${id}`);

async function ended(target: TestServer, id: string): Promise<Job> {
  await expect.poll(async () => (await job(target, id)).State, { timeout: 10_000 }).toMatch(/Success|Failure/);
  return job(target, id);
}

describe.skipIf(folder === undefined)("jobs of the DICOM client", () => {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0).toReversed()) await each.close();
  });

  async function scp(answer: Answer): Promise<GatedScp> {
    const started = await startGatedScp(answer);
    running.push(started);
    return started;
  }

  async function server(port: number, options: TestServerOptions = {}): Promise<TestServer> {
    const modality = { AET: "PEER", Host: "127.0.0.1", Port: port };
    const started = await startTestServer({ DicomServerEnabled: false, DicomModalities: { peer: modality } }, options);
    running.push(started);
    return started;
  }

  it("can be paused between two instances, and go on", async () => {
    const gate = Promise.withResolvers<void>();
    const peer = await scp(async function* (request, index) {
      if (index === 0) await gate.promise;
      yield* status(request, 0);
    });
    const target = await server(peer.port);
    const id = await submit(target, await upload(target));
    await peer.came(0);
    await ask(target.url, `POST /jobs/${id}/pause`);
    gate.resolve();
    await expect.poll(async () => (await job(target, id)).State).toBe("Paused");
    expect(peer.requests).toHaveLength(1);
    await ask(target.url, `POST /jobs/${id}/resume`);
    expect(await ended(target, id)).toMatchObject({
      State: "Success",
      Content: { InstancesCount: 3, FailedInstancesCount: 0 },
    });
    expect(peer.requests).toHaveLength(3);
  });

  it("aborts its association when it is cancelled", async () => {
    const peer = await scp(async function* (request) {
      for await (const _ of request.dataset ?? []);
      await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
      yield { command: { Status: 0 } };
    });
    const target = await server(peer.port);
    const id = await submit(target, await upload(target));
    const request = await peer.came(0);
    await ask(target.url, `POST /jobs/${id}/cancel`);
    await request.association.ended;
    expect(await job(target, id)).toMatchObject({ State: "Failure", ErrorCode: 37 });
  });

  it("goes on after a restart of the server", async () => {
    const kept = await mkdtemp(join(tmpdir(), "greyhaven-scu-"));
    let isStopping = true;
    const peer = await scp(async function* (request, index) {
      if (index === 1 && isStopping) await new Promise(() => {});
      yield* status(request, 0);
    });
    const before = await startTestServer(
      { DicomServerEnabled: false, DicomModalities: { peer: ["PEER", "127.0.0.1", peer.port] } },
      { folder: kept },
    );
    const ids = await upload(before);
    const id = await submit(before, ids);
    await peer.came(1);
    isStopping = false;
    await before.close();
    const after = await server(peer.port, { folder: kept });
    expect(await ended(after, id)).toMatchObject({ State: "Success", Content: { InstancesCount: 3 } });
    // The second was under way, and is sent again.
    const uids = peer.requests.map(({ command }) => command.AffectedSOPInstanceUID);
    expect(uids).toHaveLength(4);
    expect(uids[1]).toBe(uids[2]);
    expect(new Set(uids).size).toBe(3);
    await rm(kept, { recursive: true });
  });

  it("ends with the first refusal, tells its status, and can be resubmitted", async () => {
    let isFull = true;
    const peer = await scp((request, index) => status(request, index === 1 && isFull ? 0xa700 : 0));
    const target = await server(peer.port);
    const ids = await upload(target);
    const refused = await ask(target.url, "POST /modalities/peer/store", { body: ids });
    expect(refused.status).toBe(500);
    expect(refused.json()).toMatchObject({
      OrthancStatus: 9,
      ErrorPayload: { Type: "Dimse", Content: { DimseErrorStatus: 0xa700 } },
    });
    expect(peer.requests).toHaveLength(2);
    isFull = false;
    const [id = ""] = await askJson<string[]>(target.url, "GET /jobs");
    await ask(target.url, `POST /jobs/${id}/resubmit`);
    expect(await ended(target, id)).toMatchObject({ State: "Success", Content: { InstancesCount: 3 } });
    expect(peer.requests).toHaveLength(4);
  });

  it("passes over refusals when it is permissive, and takes warnings for success", async () => {
    const statuses = [0xb000, 0xa900, 0];
    const peer = await scp((request, index) => status(request, statuses[index] ?? 0));
    const target = await server(peer.port);
    const body = { Resources: await upload(target), Permissive: true };
    const content = await askJson<object>(target.url, "POST /modalities/peer/store", { body });
    expect(content).toMatchObject({ InstancesCount: 3, FailedInstancesCount: 1 });
    expect(peer.associations()).toHaveLength(1);
  });

  it("asks for storage commitment of what was sent", async () => {
    const peer = await scp((request) => status(request, 0));
    const target = await server(peer.port);
    const body = { Resources: await upload(target), StorageCommitment: true };
    const content = await askJson<Record<string, string>>(target.url, "POST /modalities/peer/store", { body });
    const uid = content["StorageCommitmentTransactionUID"] ?? "";
    expect(uid).toMatch(/^2\.25\.\d+$/);
    expect(peer.requests.at(-1)?.command).toMatchObject({
      CommandField: 0x0130,
      RequestedSOPClassUID: "1.2.840.10008.1.20.1",
      RequestedSOPInstanceUID: "1.2.840.10008.1.20.1.1",
      ActionTypeID: 1,
    });
    expect(await askJson(target.url, `GET /storage-commitment/${uid}`)).toEqual({
      Status: "Pending",
      RemoteAET: "PEER",
    });
  });

  it("tells the receiver who asked for a C-MOVE", async () => {
    const peer = await scp((request) => status(request, 0));
    const target = await server(peer.port);
    const [first] = await upload(target);
    const body = {
      Resources: [first],
      MoveOriginatorAet: "ORIGIN",
      MoveOriginatorID: 42,
      LocalAet: "ME",
      CalledAet: "YOU",
    };
    const content = await askJson<object>(target.url, "POST /modalities/peer/store", { body });
    expect(content).toMatchObject({
      MoveOriginatorAET: "ORIGIN",
      MoveOriginatorID: 42,
      LocalAet: "ME",
      RemoteAet: "YOU",
    });
    const [request] = peer.requests;
    expect(request?.command).toMatchObject({
      MoveOriginatorApplicationEntityTitle: "ORIGIN",
      MoveOriginatorMessageID: 42,
    });
    expect(request?.association).toMatchObject({ callingAet: "ME", calledAet: "YOU" });
  });

  it("opens a new association when the modality has given up the idle one", async () => {
    const peer = await scp((request) => status(request, 0));
    const target = await server(peer.port);
    const [first] = await upload(target);
    await askJson(target.url, "POST /modalities/peer/store", { body: [first] });
    peer.associations()[0]?.abort();
    await askJson(target.url, "POST /modalities/peer/store", { body: [first] });
    expect(peer.associations()).toHaveLength(2);
  });

  it("cancels a C-MOVE under way", async () => {
    const peer = await scp(async function* (request) {
      const suboperations = { NumberOfRemainingSuboperations: 3, NumberOfCompletedSuboperations: 1 };
      yield { command: { Status: 0xff00, ...suboperations } };
      await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
      yield { command: { Status: 0xfe00 } };
    });
    const target = await server(peer.port);
    const body = { Level: "Study", Resources: [{ StudyInstanceUID: "1.2.3" }], Asynchronous: true };
    const { ID } = await askJson<Submitted>(target.url, "POST /modalities/peer/move", { body });
    const request = await peer.came(0);
    await expect
      .poll(async () => (await askJson<{ Progress: number }>(target.url, `GET /jobs/${ID}`)).Progress)
      .toBe(25);
    await ask(target.url, `POST /jobs/${ID}/cancel`);
    await expect.poll(() => request.signal.aborted).toBe(true);
    expect(await job(target, ID)).toMatchObject({ State: "Failure", ErrorCode: 37 });
  });

  it("answers 422 when a modality cannot process a query", async () => {
    const peer = await scp(async function* () {
      yield { command: { Status: 0xc000, ErrorComment: "no such key" } };
    });
    const target = await server(peer.port);
    const answer = await ask(target.url, "POST /modalities/peer/query", { body: { Level: "Study" } });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({
      OrthancStatus: 9,
      HttpStatus: 422,
      Details: expect.stringContaining("no such key") as string,
      ErrorPayload: { Type: "Dimse", Content: { DimseErrorStatus: 0xc000 } },
    });
  });

  it("gives up a modality that is silent", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const target = await server(typeof address === "object" && address !== null ? address.port : 0);
    const answer = await ask(target.url, "POST /modalities/peer/echo", { body: { Timeout: 1 } });
    expect(answer.status).toBe(500);
    expect(answer.json()).toMatchObject({ OrthancStatus: 9, Details: expect.stringContaining("timeout") as string });
    silent.close();
  });
});
