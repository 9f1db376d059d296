import { describe, expect, it } from "vitest";
import { parseDicom } from "../../src/dicom/parse.ts";
import { makeImage, makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "../server/ask.ts";
import { folderForTest, serverForTest } from "../server/server-for-test.ts";
import { upload, uploadStudy } from "../server/upload.ts";

const explicit = "1.2.840.10008.1.2.1";
const deflated = "1.2.840.10008.1.2.1.99";
const jpegLossless = "1.2.840.10008.1.2.4.70";
const nearLossless = "1.2.840.10008.1.2.4.81";
const quiet = { DicomServerEnabled: false };

interface Job {
  readonly State: string;
  readonly Progress: number;
  readonly UserData: unknown;
  readonly ErrorCode: number;
  readonly Content: Record<string, unknown>;
}

async function endOf(url: string, path: string): Promise<Job> {
  for (;;) {
    const job = await askJson<Job>(url, `GET ${path}`);
    if (job.State === "Success" || job.State === "Failure") return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a modified instance", () => {
  it("comes in another transfer syntax, with the identifiers that it would have anyway", async () => {
    const { url } = await serverForTest(quiet);
    const { file, uids, pixels } = makeImage({ rows: 16, modality: "MR" });
    const { ID } = await upload(url, file);
    const modified = async (body: object) => {
      const answer = await ask(url, `POST /instances/${ID}/modify`, { body });
      expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/dicom"]);
      return parseDicom(answer.bytes);
    };
    const keep = { Keep: ["SOPInstanceUID"], Force: true, Replace: { PatientName: "New" } };
    for (const Transcode of [explicit, deflated, jpegLossless, nearLossless]) {
      const { dataset, meta, transferSyntaxUID } = await modified({ ...keep, Transcode });
      expect(transferSyntaxUID).toBe(Transcode);
      expect([dataset.text(0x00080018), meta.text(0x00020003)]).toEqual([uids.SOPInstanceUID, uids.SOPInstanceUID]);
      expect(dataset.text(0x00100010)).toBe("New");
      const native = dataset.get(0x7fe00010)?.value;
      if (native !== undefined) expect(native).toEqual(pixels);
      expect(dataset.get(0x7fe00010)?.fragments?.length).toBe(native === undefined ? 2 : undefined);
    }
  });

  it("is compressed as before when only its pixel data were compressed", async () => {
    const { url } = await serverForTest(quiet);
    const { ID } = await upload(url, makeImage({ rows: 16 }).file);
    const compressed = await ask(url, `POST /instances/${ID}/modify`, { body: { Transcode: jpegLossless } });
    const again = await upload(url, compressed.bytes);
    const anonymised = await ask(url, `POST /instances/${again.ID}/anonymize`, { body: {} });
    const [before, after] = [parseDicom(compressed.bytes), parseDicom(anonymised.bytes)];
    expect(after.transferSyntaxUID).toBe(jpegLossless);
    expect(after.dataset.get(0x7fe00010)?.fragments?.map(({ value }) => value)).toEqual(
      before.dataset.get(0x7fe00010)?.fragments?.map(({ value }) => value),
    );
  });

  it("holds a picture that takes the place of its own", async () => {
    const { url } = await serverForTest(quiet);
    const { ID } = await upload(url, makeImage({ rows: 16 }).file);
    const pam = Buffer.from("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\u0001\u0002");
    const PixelData = `data:image/x-portable-arbitrarymap;base64,${pam.toString("base64")}`;
    const { bytes } = await ask(url, `POST /instances/${ID}/modify`, { body: { Replace: { PixelData } } });
    const { dataset } = parseDicom(bytes);
    expect([dataset.number(0x00280010), dataset.number(0x00280011), dataset.number(0x00280100)]).toEqual([1, 2, 8]);
    expect(dataset.get(0x7fe00010)?.value).toEqual(Buffer.of(1, 2));
  });
});

describe("a modification job", () => {
  it("tells its progress and its result, and keeps what the user gave it", async () => {
    const { url } = await serverForTest(quiet);
    const [{ ParentStudy }] = await uploadStudy(url, { instances: 3, rows: 16 });
    const body = { Asynchronous: true, UserData: { my: "data" }, Transcode: jpegLossless };
    const { Path } = await askJson<{ Path: string }>(url, `POST /studies/${ParentStudy}/anonymize`, { body });
    const job = await endOf(url, Path);
    expect(job).toMatchObject({
      State: "Success",
      Progress: 100,
      UserData: { my: "data" },
      Content: {
        Description: "REST API",
        IsAnonymization: true,
        InstancesCount: 3,
        FailedInstancesCount: 0,
        ParentResources: [ParentStudy],
        Transcode: jpegLossless,
        Type: "Study",
      },
    });
    const instances = await askJson<{ ID: string }[]>(url, `GET ${String(job.Content["Path"])}/instances`);
    expect(instances).toHaveLength(3);
    for (const { ID } of instances) {
      const metadata = await askJson<Record<string, string>>(url, `GET /instances/${ID}/metadata?expand`);
      expect(metadata).toMatchObject({ TransferSyntax: jpegLossless, Origin: "RestApi" });
    }
  });

  it("goes on after a restart, without doing anything twice", async () => {
    const folder = await folderForTest();
    const first = await serverForTest(quiet, { folder });
    const [{ ParentStudy }] = await uploadStudy(first.url, { instances: 40, perSeries: 10, rows: 16 });
    const body = { Asynchronous: true, KeepSource: false, Replace: { StudyDescription: "restarted" } };
    const { Path } = await askJson<{ Path: string }>(first.url, `POST /studies/${ParentStudy}/modify`, { body });
    await first.close();
    const second = await serverForTest(quiet, { folder });
    const job = await endOf(second.url, Path);
    expect(job).toMatchObject({ State: "Success", Content: { InstancesCount: 40, FailedInstancesCount: 0 } });
    expect(await askJson(second.url, "GET /statistics")).toMatchObject({ CountInstances: 40, CountStudies: 1 });
    expect(await askJson(second.url, `GET /studies/${String(job.Content["ID"])}`)).toMatchObject({
      MainDicomTags: { StudyDescription: "restarted" },
      ModifiedFrom: ParentStudy,
    });
  });

  it("fails without leaving its originals behind, and says why", async () => {
    const { url } = await serverForTest(quiet);
    const [{ ParentStudy }] = await uploadStudy(url, { instances: 2, rows: 16 });
    const answer = await ask(url, `POST /studies/${ParentStudy}/modify`, {
      body: { KeepSource: false, Replace: { Rows: "many" } },
    });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ OrthancStatus: 15, Details: expect.stringContaining('"many" is no number') });
    expect(await askJson(url, "GET /statistics")).toMatchObject({ CountInstances: 2 });
  });

  it("numbers anonymised patients, over restarts", async () => {
    const folder = await folderForTest();
    const names: unknown[] = [];
    for (const seed of [1, 2]) {
      const server = await serverForTest(quiet, { folder });
      const [{ ParentPatient }] = await uploadStudy(server.url, { seed });
      const made = await askJson<{ ID: string }>(server.url, `POST /patients/${ParentPatient}/anonymize`, { body: {} });
      const patient = await askJson<{ MainDicomTags: object }>(server.url, `GET /patients/${made.ID}`);
      names.push(patient.MainDicomTags);
      await server.close();
    }
    expect(names).toMatchObject([{ PatientName: "Anonymized1" }, { PatientName: "Anonymized2" }]);
  });

  it("holds no large object: a big one goes through in pieces", async () => {
    const { url } = await serverForTest(quiet);
    const [{ file, pixels } = { file: Buffer.alloc(0), pixels: Buffer.alloc(0) }] = makeStudy({
      instances: 1,
      rows: 2048,
    });
    expect(file.length).toBeGreaterThan(8 << 20);
    const { ParentStudy } = await upload(url, file);
    const { Path } = await askJson<{ Path: string }>(url, `POST /studies/${ParentStudy}/anonymize`, { body: {} });
    const [instance] = await askJson<{ ID: string }[]>(url, `GET ${Path}/instances`);
    const { bytes } = await ask(url, `GET /instances/${instance?.ID}/file`);
    expect(parseDicom(bytes).dataset.get(0x7fe00010)?.value?.equals(pixels)).toBe(true);
  });
});
