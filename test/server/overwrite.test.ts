import { describe, expect, it } from "vitest";
import { makeImage, makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { type Stored, upload } from "./upload.ts";

/** The same identifiers, another description. */
const original = makeImage({ rows: 8 }).file;
const changed = makeImage({ rows: 8, attributes: [[0x0008103e, "LO", "Another description"]] }).file;

/** What becomes of an instance and its annotations when it is sent again as it was, and then changed. */
async function storeTwice(configuration: object) {
  const { url } = await serverForTest(configuration);
  const { ID, ParentStudy } = await upload(url, original);
  await ask(url, `PUT /instances/${ID}/metadata/1024`, { body: "note" });
  await ask(url, `PUT /studies/${ParentStudy}/labels/checked`);
  const statuses = [(await upload(url, original)).Status, (await upload(url, changed)).Status];
  const { Changes } = await askJson<{ Changes: readonly object[] }>(url, "GET /changes?type=NewInstance");
  const file = await ask(url, `GET /instances/${ID}/file`);
  return {
    statuses,
    isChanged: file.bytes.equals(changed),
    newInstances: Changes.length,
    metadata: (await ask(url, `GET /instances/${ID}/metadata/1024`)).status,
    labels: await askJson(url, `GET /studies/${ParentStudy}/labels`),
    instances: await askJson(url, "GET /instances"),
    id: ID,
  };
}

describe("OverwriteInstances (behaviour §2.8)", () => {
  it.each([undefined, false, "Never"])("%j keeps the first", async (mode) => {
    const { id, ...outcome } = await storeTwice(mode === undefined ? {} : { OverwriteInstances: mode });
    expect(outcome).toEqual({
      statuses: ["AlreadyStored", "AlreadyStored"],
      isChanged: false,
      newInstances: 1,
      metadata: 200,
      labels: ["checked"],
      instances: [id],
    });
  });

  it.each([true, "Always"])("%j takes the last; annotations go with the instance", async (mode) => {
    const { id, ...outcome } = await storeTwice({ OverwriteInstances: mode });
    expect(outcome).toEqual({
      statuses: ["Success", "Success"],
      isChanged: true,
      // The rows of replaced instances vanish with them (behaviour §3).
      newInstances: 1,
      metadata: 404,
      labels: [],
      instances: [id],
    });
  });

  it("IfChanged takes the last if its bytes are others", async () => {
    const { id, ...outcome } = await storeTwice({ OverwriteInstances: "IfChanged" });
    expect(outcome).toEqual({
      statuses: ["AlreadyStored", "Success"],
      isChanged: true,
      newInstances: 1,
      metadata: 404,
      labels: [],
      instances: [id],
    });
  });
});

async function uploadAll(url: string, files: readonly Buffer[]): Promise<readonly Stored[]> {
  const stored: Stored[] = [];
  for (const file of files) stored.push(await upload(url, file));
  return stored;
}

describe("quotas (behaviour §2.9)", () => {
  const patients = [1, 2, 3, 4].map((seed) => makeImage({ seed, rows: 8 }).file);

  it("MaximumPatientCount: the oldest patient goes, but no protected one", async () => {
    const { url } = await serverForTest({ MaximumPatientCount: 2 });
    const [first, second] = await uploadAll(url, patients.slice(0, 2));
    await ask(url, `PUT /patients/${first?.ParentPatient}/protected`, { body: "1" });
    const [third] = await uploadAll(url, patients.slice(2, 3));
    expect(new Set(await askJson<string[]>(url, "GET /patients"))).toEqual(
      new Set([first?.ParentPatient, third?.ParentPatient]),
    );
    expect((await ask(url, `GET /instances/${second?.ID}`)).status).toBe(404);
    expect(await askJson(url, "GET /statistics")).toMatchObject({ CountPatients: 2, CountInstances: 2 });
  });

  it("a patient that receives a new instance is the youngest", async () => {
    const { url } = await serverForTest({ MaximumPatientCount: 2 });
    const [one, another] = [...makeStudy({ instances: 2, rows: 8, seed: 1 })].map(({ file }) => file);
    const [first] = await uploadAll(url, one === undefined ? [] : [one]);
    const [second] = await uploadAll(url, patients.slice(1, 2));
    await uploadAll(url, another === undefined ? [] : [another]);
    await uploadAll(url, patients.slice(2, 3));
    expect((await ask(url, `GET /patients/${first?.ParentPatient}`)).status).toBe(200);
    expect((await ask(url, `GET /patients/${second?.ParentPatient}`)).status).toBe(404);
  });

  it("Reject: what has no room is refused with 507 (code 19), STOW-RS stores the rest and says A700H (202)", async () => {
    const { url } = await serverForTest({ MaximumPatientCount: 1, MaximumStorageMode: "Reject" });
    const [, image] = patients;
    await uploadAll(url, patients.slice(0, 1));
    const refused = await ask(url, "POST /instances", { body: image ?? "" });
    expect([refused.status, refused.json()]).toEqual([
      507,
      expect.objectContaining({ OrthancStatus: 19, HttpStatus: 507 }),
    ]);
    const boundary = "parts";
    const parts = patients
      .slice(0, 2)
      .flatMap((file) => [
        Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
        file,
        Buffer.from("\r\n"),
      ]);
    const stow = await ask(url, "POST /dicom-web/studies", {
      headers: { "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}` },
      body: Buffer.concat([...parts, Buffer.from(`--${boundary}--`)]),
    });
    expect([stow.status, stow.json()]).toEqual([
      202,
      expect.objectContaining({
        "00081198": { vr: "SQ", Value: [expect.objectContaining({ "00081197": { vr: "US", Value: [0xa700] } })] },
        "00081199": { vr: "SQ", Value: [expect.objectContaining({ "00081155": expect.anything() })] },
      }),
    ]);
    expect(await askJson(url, "GET /statistics")).toMatchObject({ CountPatients: 1, CountInstances: 1 });
    expect(await askJson(url, "GET /system")).toMatchObject({ MaximumPatientCount: 1, MaximumStorageMode: "Reject" });
  });

  it("MaximumStorageSize: what is left takes no more megabytes than that", async () => {
    const { url } = await serverForTest({ MaximumStorageSize: 1 });
    const stored = await uploadAll(
      url,
      [1, 2, 3].map((seed) => makeImage({ seed, rows: 512 }).file),
    );
    const { TotalDiskSize, CountPatients } = await askJson<Record<string, string>>(url, "GET /statistics");
    expect(Number(TotalDiskSize)).toBeLessThanOrEqual(1024 * 1024);
    expect(CountPatients).toBe(1);
    expect(await askJson(url, "GET /instances")).toEqual([stored[2]?.ID]);
  });
});
