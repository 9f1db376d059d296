import { describe, expect, it } from "vitest";
import type { TestServer } from "../greyhaven.ts";
import { ask, askJson } from "./ask.ts";
import { gatedTargetForTest } from "./gated-target.ts";
import { folderForTest, processForTest, serverForTest } from "./server-for-test.ts";
import { type Stored, uploadStudy } from "./upload.ts";

interface ChangeLog {
  readonly Changes: readonly { readonly ChangeType: string; readonly ResourceType: string; readonly ID: string }[];
}

async function texts({ url }: TestServer, paths: readonly string[]): Promise<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const path of paths) entries.push([path, withoutOwnUrl((await ask(url, `GET ${path}`)).bytes, url)]);
  return Object.fromEntries(entries);
}

/** The port is another one after a restart. */
function withoutOwnUrl(answer: Buffer, url: string): string {
  return answer.toString("latin1").replaceAll(url, "");
}

describe("a restart", () => {
  it("keeps instances, annotations, changes, jobs and servers", async () => {
    const folder = await folderForTest();
    const configuration = { DicomWeb: { ServersInDatabase: true } };
    const target = await gatedTargetForTest(9);
    const first = await serverForTest(configuration, { folder });
    const { url } = first;
    const [{ ID, ParentPatient, ParentSeries, ParentStudy }] = await uploadStudy(url, { instances: 3 });
    await uploadStudy(url, { seed: 2, modality: "MR", instances: 2 });
    await ask(url, `PUT /studies/${ParentStudy}/labels/checked`);
    await ask(url, `PUT /series/${ParentSeries}/metadata/1024`, { body: "a note" });
    await ask(url, `PUT /patients/${ParentPatient}/attachments/1025`, { body: "a paper" });
    await ask(url, `PUT /patients/${ParentPatient}/protected`, { body: "1" });
    await askJson(url, "PUT /dicom-web/servers/other", { body: { Url: target.url } });
    await askJson(url, "POST /dicom-web/servers/other/stow", { body: { Resources: [ParentStudy], Synchronous: true } });
    const paths = [
      "/patients?expand",
      "/studies?expand",
      "/series?expand",
      "/instances?expand",
      "/changes",
      "/statistics",
      "/tools/labels",
      `/studies/${ParentStudy}/labels`,
      `/series/${ParentSeries}/metadata?expand`,
      `/instances/${ID}/metadata?expand`,
      `/patients/${ParentPatient}/attachments/1025/data`,
      `/patients/${ParentPatient}/attachments/1025/info`,
      `/patients/${ParentPatient}/protected`,
      `/instances/${ID}/file`,
      `/instances/${ID}/attachments/dicom/info`,
      "/dicom-web/studies",
      "/dicom-web/servers?expand",
    ];
    const before = await texts(first, paths);
    const jobs = await askJson<Record<string, unknown>[]>(url, "GET /jobs?expand");
    const { DatabaseServerIdentifier } = await askJson<Record<string, string>>(url, "GET /system");
    await first.close();

    const second = await serverForTest(configuration, { folder });
    const after = await texts(second, paths);
    for (const path of paths) {
      expect([path, after[path]]).toEqual([path, before[path]]);
    }
    expect(jobs).toMatchObject([{ Type: "DicomWebStowClient", State: "Success", Progress: 100 }]);
    const [job] = await askJson<Record<string, unknown>[]>(second.url, "GET /jobs?expand");
    expect(job).toEqual({ ...jobs[0], Timestamp: job?.["Timestamp"] });
    expect(await askJson(second.url, "GET /system")).toMatchObject({ DatabaseServerIdentifier });
  });

  it("does not lose the events of stability that were due", async () => {
    const folder = await folderForTest();
    const first = await serverForTest({ StableAge: 2 }, { folder });
    const [{ ParentPatient, ParentSeries, ParentStudy }] = await uploadStudy(first.url, { instances: 2 });
    await first.close();
    const second = await serverForTest({ StableAge: 2 }, { folder });
    const stable = async (): Promise<readonly string[]> => {
      const { Changes } = await askJson<ChangeLog>(
        second.url,
        "GET /changes?type=StablePatient;StableStudy;StableSeries",
      );
      return Changes.map(({ ChangeType, ID }) => `${ChangeType} ${ID}`).toSorted();
    };
    await expect
      .poll(stable, { timeout: 10_000 })
      .toEqual([`StablePatient ${ParentPatient}`, `StableSeries ${ParentSeries}`, `StableStudy ${ParentStudy}`]);
    expect(await askJson(second.url, `GET /studies/${ParentStudy}`)).toMatchObject({ IsStable: true });
    await second.close();
    // It is told once.
    const third = await serverForTest({ StableAge: 0 }, { folder });
    const { Changes } = await askJson<ChangeLog>(third.url, "GET /changes?type=StableStudy");
    expect(Changes).toHaveLength(1);
  });

  it("goes on with the names of changes: their numbers are never used again", async () => {
    const folder = await folderForTest();
    const first = await serverForTest({}, { folder });
    await uploadStudy(first.url, { instances: 1 });
    const { Last } = await askJson<{ Last: number }>(first.url, "GET /changes");
    await ask(first.url, "DELETE /changes");
    await first.close();
    const second = await serverForTest({}, { folder });
    await uploadStudy(second.url, { seed: 9, instances: 1 });
    expect(await askJson(second.url, "GET /changes")).toMatchObject({ First: Last + 1 });
  });
});

describe("SIGTERM during a job", () => {
  it(
    "ends the process in good order; after the next start the job goes on where it was",
    { timeout: 60_000 },
    async () => {
      const folder = await folderForTest();
      const target = await gatedTargetForTest(1);
      const configuration = { DicomWeb: { Servers: { slow: { Url: target.url } } } };
      const first = await processForTest(folder, configuration);
      // More than one request takes: the first batch passes, the second one is held.
      const [{ ParentStudy }] = await uploadStudy(first.url, { instances: 120 });
      const { ID } = await askJson<Stored>(first.url, "POST /dicom-web/servers/slow/stow", {
        body: { Resources: [ParentStudy], Asynchronous: true, Priority: 7, UserData: { for: "test" } },
      });
      await expect.poll(target.uploads, { timeout: 20_000 }).toBe(2);
      const begun = await askJson<Record<string, unknown>>(first.url, `GET /jobs/${ID}`);
      expect(begun).toMatchObject({ State: "Running", Priority: 7, UserData: { for: "test" } });
      expect(begun["Progress"]).toBeGreaterThan(80);
      await first.stop();
      expect(await first.ended).toEqual([0, null]);

      target.allow(9);
      const second = await processForTest(folder, configuration);
      const job = () => askJson<Record<string, unknown>>(second.url, `GET /jobs/${ID}`);
      await expect.poll(async () => (await job())["State"], { timeout: 20_000 }).toBe("Success");
      expect(await job()).toMatchObject({
        Type: "DicomWebStowClient",
        Priority: 7,
        UserData: { for: "test" },
        CreationTime: begun["CreationTime"],
        Content: { InstancesCount: "120", Server: "slow", Resources: { Studies: [ParentStudy] } },
      });
      // The first batch was not sent again.
      expect(target.uploads()).toBe(3);
      expect(await askJson(target.server.url, "GET /statistics")).toMatchObject({ CountInstances: 120 });
    },
  );
});
