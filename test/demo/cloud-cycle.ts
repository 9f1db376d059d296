import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { makeStudy } from "../phantoms/study.ts";
import type { Narrator } from "./narrator.ts";
import { call, callJson } from "./rest-client.ts";

export interface CloudCycle {
  readonly url: string;
  /** Name of the account, which is also the name of the DICOMweb server. */
  readonly account: string;
  readonly instances: number;
  /** Makes the images of this cycle others than those of another. */
  readonly seed: number;
  readonly narrator: Narrator;
}

interface StoredStudy {
  readonly id: string;
  readonly StudyInstanceUID: string;
  /** SHA-256 of each file, by Orthanc's identifier. */
  readonly digests: ReadonlyMap<string, string>;
}

interface Account {
  readonly State: string;
  readonly Identity: string;
  readonly TokenExpiresAt: string | null;
  readonly LastError: string | null;
}

const tokenTimeout = 15_000;

/** The main job with one account: token, upload, STOW-RS, QIDO-RS, WADO-RS equal byte for byte, DELETE. */
export async function cloudCycle(cycle: CloudCycle): Promise<void> {
  const { account, narrator, instances } = cycle;
  narrator.title(`Account "${account}"`);
  await narrator.step("Token, obtained by Greyhaven itself", () => token(cycle), tellToken);
  const study = await narrator.step(
    "Upload images to Greyhaven",
    () => upload(cycle),
    ({ digests }) => `${digests.size} images stored`,
  );
  await narrator.step(
    "STOW-RS to the cloud",
    () => stow(cycle, study),
    (count) => `${count} instances stored`,
  );
  await narrator.step(
    "QIDO-RS in the cloud",
    () => expectInCloud(cycle, study, instances),
    (count) => `${count} instances found`,
  );
  await narrator.step(
    "Delete the local copy",
    () => removeLocally(cycle, study),
    () => "gone",
  );
  await narrator.step(
    "WADO-RS from the cloud",
    () => retrieve(cycle, study),
    (count) => `${count} instances received, equal byte for byte`,
  );
  await narrator.step(
    "DELETE in the cloud",
    () => removeInCloud(cycle, study),
    () => "gone",
  );
  await narrator.step(
    "Store again, to have something to look at",
    () => stow(cycle, study),
    (count) => `${count} instances stored`,
  );
}

function tellToken({ Identity, TokenExpiresAt }: Account): string {
  return `${Identity}, valid until ${TokenExpiresAt ?? "?"}`;
}

async function token({ url, account }: CloudCycle): Promise<Account> {
  const deadline = Date.now() + tokenTimeout;
  for (;;) {
    const state = await callJson<Account>(`${url}/gcp/accounts/${account}`);
    if (state.State === "ok") return state;
    if (Date.now() > deadline) throw new Error(`no token: ${state.State}, ${state.LastError ?? "no reason given"}`);
    await delay(100);
  }
}

async function upload({ url, account, instances, seed }: CloudCycle): Promise<StoredStudy> {
  const digests = new Map<string, string>();
  let id = "";
  let StudyInstanceUID = "";
  for (const { file, uids } of makeStudy({
    modality: "CT",
    instances,
    patientName: `Harbour^${account}`,
    seed,
  })) {
    const answer = await callJson<{ readonly ID: string; readonly ParentStudy: string; readonly Status: string }>(
      `${url}/instances`,
      { bytes: file },
    );
    if (answer.Status !== "Success") throw new Error(`an image was not stored: ${answer.Status}`);
    digests.set(answer.ID, sha256(file));
    id = answer.ParentStudy;
    StudyInstanceUID = uids.StudyInstanceUID;
  }
  return { id, StudyInstanceUID, digests };
}

async function stow(cycle: CloudCycle, study: StoredStudy): Promise<number> {
  const content = await callJson<{ readonly InstancesCount: string }>(server(cycle, "stow"), {
    json: { Resources: [study.id], Synchronous: true },
  });
  if (Number(content.InstancesCount) !== study.digests.size)
    throw new Error(`${content.InstancesCount} of ${study.digests.size} instances were sent`);
  return study.digests.size;
}

async function expectInCloud(cycle: CloudCycle, study: StoredStudy, expected: number): Promise<number> {
  const found = await callJson<readonly unknown[]>(server(cycle, "qido"), {
    json: { Uri: `/studies/${study.StudyInstanceUID}/instances` },
  });
  if (found.length !== expected) throw new Error(`${found.length} instances are in the cloud instead of ${expected}`);
  return found.length;
}

async function removeLocally({ url }: CloudCycle, study: StoredStudy): Promise<void> {
  await call(`${url}/studies/${study.id}`, { method: "DELETE" });
  const response = await fetch(`${url}/studies/${study.id}`);
  if (response.status !== 404) throw new Error(`the study is still there: ${response.status}`);
}

async function retrieve(cycle: CloudCycle, study: StoredStudy): Promise<number> {
  await call(server(cycle, "retrieve"), {
    json: { Resources: [{ Study: study.StudyInstanceUID }], Synchronous: true },
  });
  for (const [id, digest] of study.digests) {
    const response = await call(`${cycle.url}/instances/${id}/file`);
    if (sha256(new Uint8Array(await response.arrayBuffer())) !== digest)
      throw new Error(`instance ${id} came back with other bytes`);
  }
  return study.digests.size;
}

async function removeInCloud(cycle: CloudCycle, study: StoredStudy): Promise<void> {
  await call(server(cycle, "delete"), { json: { Level: "Study", StudyInstanceUID: study.StudyInstanceUID } });
  await expectInCloud(cycle, study, 0);
}

function server({ url, account }: CloudCycle, act: string): string {
  return `${url}/dicom-web/servers/${account}/${act}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
