import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { type OrthancProcess, startOrthanc } from "../differential/orthanc-process.ts";
import { corpusFiles } from "../corpus/corpus-files.ts";
import { freePort } from "../free-port.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";

const data = sharedData() ?? "";
const study = "1.3.12.2.1107.5.2.19.45160.30000018091720502193200000007";
const instances = 8;

interface Statistics {
  readonly CountInstances: number;
}
interface Report {
  readonly Status: string;
  readonly RemoteAET: string;
  readonly Success?: readonly object[];
  readonly Failures?: readonly { readonly FailureReason: number }[];
}

/** The first instance of the study as storage commitment names it. */
interface Reference {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

const count = async (url: string): Promise<number> =>
  (await askJson<Statistics>(url, "GET /statistics")).CountInstances;
const idsOf = (url: string): Promise<readonly string[]> =>
  askJson<readonly string[]>(url, "POST /tools/find", { body: { Level: "Instance", Query: {} } });

describe.skipIf(data === "" || !hasTool("Orthanc"))("Orthanc 1.10.1 as a client", () => {
  let orthanc: OrthancProcess;
  let greyhaven: TestServer;

  beforeAll(async () => {
    const ports = { orthanc: await freePort(), greyhaven: await freePort() };
    orthanc = await startOrthanc({
      DicomAet: "DEBIAN",
      DicomPort: ports.orthanc,
      AuthenticationEnabled: false,
      DicomModalities: { greyhaven: ["GREYHAVEN", "127.0.0.1", ports.greyhaven] },
    });
    greyhaven = await startTestServer({
      DicomAet: "GREYHAVEN",
      DicomPort: ports.greyhaven,
      DicomModalities: { orthanc: ["DEBIAN", "127.0.0.1", ports.orthanc] },
    });
    const files = corpusFiles(data).filter(({ path }) => path.startsWith("series/mr-epi-siemens/"));
    for (const { path } of files) await ask(orthanc.url, "POST /instances", { body: await readFile(join(data, path)) });
  }, 60_000);
  afterAll(async () => {
    await greyhaven.close();
    await orthanc.stop();
  });

  it("gets an echo", async () => {
    expect((await ask(orthanc.url, "POST /modalities/greyhaven/echo", { body: "" })).status).toBe(200);
  });

  it("stores, asks for commitment, and is told that all is safe", async () => {
    const sent = await askJson<Record<string, unknown>>(orthanc.url, "POST /modalities/greyhaven/store", {
      body: { Resources: await idsOf(orthanc.url), StorageCommitment: true },
    });
    expect(sent).toMatchObject({ InstancesCount: instances, FailedInstancesCount: 0 });
    expect(await count(greyhaven.url)).toBe(instances);
    const report = () =>
      askJson<Report>(orthanc.url, `GET /storage-commitment/${String(sent["StorageCommitmentTransactionUID"])}`);
    await expect.poll(report, { timeout: 10_000 }).toMatchObject({ Status: "Success", RemoteAET: "GREYHAVEN" });
    expect((await report()).Success).toHaveLength(instances);
    const jobs = () => askJson(greyhaven.url, "GET /jobs?expand");
    await expect
      .poll(jobs)
      .toMatchObject([
        { Type: "StorageCommitmentScp", State: "Success", Content: { RemoteAet: "DEBIAN", CalledAet: "GREYHAVEN" } },
      ]);
  });

  it("is told what is not safe", async () => {
    const [id = ""] = await idsOf(orthanc.url);
    const tags = await askJson<Reference>(orthanc.url, `GET /instances/${id}/simplified-tags`);
    const { SOPClassUID, SOPInstanceUID } = tags;
    const DicomInstances = [
      { SOPClassUID, SOPInstanceUID },
      { SOPClassUID, SOPInstanceUID: "1.2.3" },
      { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID },
    ];
    const { ID } = await askJson<{ readonly ID: string }>(
      orthanc.url,
      "POST /modalities/greyhaven/storage-commitment",
      {
        body: { DicomInstances },
      },
    );
    const report = () => askJson<Report>(orthanc.url, `GET /storage-commitment/${ID}`);
    await expect.poll(report, { timeout: 10_000 }).toMatchObject({ Status: "Failure" });
    expect((await report()).Failures?.map(({ FailureReason }) => FailureReason).toSorted()).toEqual([0x0112, 0x0119]);
  });

  it("finds, and retrieves what it has lost by C-MOVE", async () => {
    const found = async (
      Level: string,
      Query: object,
    ): Promise<{ readonly path: string; readonly answers: readonly Record<string, string>[] }> => {
      const { Path } = await askJson<{ readonly Path: string }>(orthanc.url, "POST /modalities/greyhaven/query", {
        body: { Level, Query },
      });
      return { path: Path, answers: await askJson(orthanc.url, `GET ${Path}/answers?expand&simplify`) };
    };
    const { path, answers } = await found("Study", {
      PatientID: "DEV",
      ModalitiesInStudy: "",
      NumberOfStudyRelatedInstances: "",
    });
    expect(answers).toMatchObject([
      { StudyInstanceUID: study, ModalitiesInStudy: "MR", NumberOfStudyRelatedInstances: `${instances}` },
    ]);
    expect((await found("Instance", { StudyInstanceUID: study })).answers).toHaveLength(instances);

    await Promise.all(
      (await askJson<readonly string[]>(orthanc.url, "GET /patients")).map((id) =>
        ask(orthanc.url, `DELETE /patients/${id}`),
      ),
    );
    expect(await count(orthanc.url)).toBe(0);
    await askJson(orthanc.url, `POST ${path}/retrieve`, { body: "DEBIAN" });
    expect(await count(orthanc.url)).toBe(instances);
    for (const id of await idsOf(orthanc.url)) {
      const files = await Promise.all(
        [orthanc.url, greyhaven.url].map((url) => ask(url, `GET /instances/${id}/content/7fe0-0010/0`)),
      );
      expect(files[0]?.bytes.equals(files[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
    }
  });
});
