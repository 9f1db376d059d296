import { expect, it } from "vitest";
import { ask, askJson } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { uploadStudy } from "./upload.ts";

interface Change {
  readonly ChangeType: string;
  readonly Seq: number;
  readonly ID: string;
  readonly Path: string;
  readonly ResourceType: string;
  readonly Date: string;
}

interface ChangeLog {
  readonly Changes: readonly Change[];
  readonly Done: boolean;
  readonly First?: number;
  readonly Last: number;
}

it("a log of what came, in order, each resource after its instance (behaviour §3)", async () => {
  const { url } = await serverForTest();
  expect(await askJson(url, "GET /changes")).toEqual({ Changes: [], Done: true, Last: 0 });
  const [first, second] = await uploadStudy(url, { instances: 2 });
  const { Changes, Done, First, Last } = await askJson<ChangeLog>(url, "GET /changes");
  expect([Done, First, Last]).toEqual([true, 1, 5]);
  expect(Changes.map(({ ChangeType, ID, Path, ResourceType }) => [ChangeType, ResourceType, Path, ID])).toEqual([
    ["NewInstance", "Instance", `/instances/${first.ID}`, first.ID],
    ["NewSeries", "Series", `/series/${first.ParentSeries}`, first.ParentSeries],
    ["NewStudy", "Study", `/studies/${first.ParentStudy}`, first.ParentStudy],
    ["NewPatient", "Patient", `/patients/${first.ParentPatient}`, first.ParentPatient],
    ["NewInstance", "Instance", `/instances/${second?.ID}`, second?.ID],
  ]);
  expect(Changes.map(({ Seq }) => Seq)).toEqual([1, 2, 3, 4, 5]);
  for (const { Date } of Changes) expect(Date).toMatch(/^\d{8}T\d{6}$/);
});

it("pages, kinds and the last change", async () => {
  const { url } = await serverForTest();
  await uploadStudy(url, { instances: 3 });
  const page = async (query: string) => {
    const { Changes, Done, Last } = await askJson<ChangeLog>(url, `GET /changes?${query}`);
    return [Changes.map(({ Seq }) => Seq), Done, Last];
  };
  expect(await page("limit=2")).toEqual([[1, 2], false, 2]);
  expect(await page("since=2&limit=2")).toEqual([[3, 4], false, 4]);
  expect(await page("since=4&limit=2")).toEqual([[5, 6], true, 6]);
  expect(await page("since=6&limit=2")).toEqual([[], true, 6]);
  expect(await page("last")).toEqual([[6], true, 6]);
  expect(await page("type=NewInstance")).toEqual([[1, 5, 6], true, 6]);
  expect(await page("type=NewStudy;NewPatient")).toEqual([[3, 4], true, 4]);
  expect(await page("type=all&since=5")).toEqual([[6], true, 6]);
  expect((await page("to=4&limit=2"))[0]).toEqual([3, 4]);
  // Where one number cannot be read, the others do not count either.
  for (const wrong of ["since=x&limit=y", "since=x&limit=1", "since=4&limit=-1"]) {
    expect(await page(wrong)).toEqual([[1, 2, 3, 4, 5, 6], true, 6]);
  }
  const unknown = await ask(url, "GET /changes?type=NewGalaxy");
  expect([unknown.status, unknown.json()]).toEqual([400, expect.objectContaining({ OrthancStatus: 3 })]);
});

it("rows go with their resources, and all by DELETE; numbers are not used again", async () => {
  const { url } = await serverForTest();
  const [first] = await uploadStudy(url, { instances: 2 });
  await ask(url, `DELETE /instances/${first.ID}`);
  const numbers = async () => (await askJson<ChangeLog>(url, "GET /changes")).Changes.map(({ Seq }) => Seq);
  expect(await numbers()).toEqual([2, 3, 4, 5]);
  const { status, text } = await ask(url, "DELETE /changes");
  expect([status, text()]).toEqual([200, ""]);
  expect(await numbers()).toEqual([]);
  await uploadStudy(url, { instances: 1 });
  expect(await numbers()).toEqual([6]);
});

it("stability, completeness, user metadata and attachments are changes; labels and system metadata are not", async () => {
  const { url } = await serverForTest({ StableAge: 1 });
  const [{ ParentSeries, ParentStudy }] = await uploadStudy(url, {
    rows: 8,
    instances: 2,
    attributes: [
      [0x00201002, "IS", "1"],
      [0x00200105, "IS", "2"],
    ],
  });
  expect(await askJson(url, `GET /series/${ParentSeries}`)).toMatchObject({
    ExpectedNumberOfInstances: 2,
    Status: "Complete",
    IsStable: false,
  });
  await ask(url, `PUT /studies/${ParentStudy}/metadata/1024`, { body: "x" });
  await ask(url, `PUT /studies/${ParentStudy}/attachments/1024`, { body: "x" });
  await ask(url, `PUT /studies/${ParentStudy}/labels/x`);
  const kinds = async (types: string) => {
    const { Changes } = await askJson<ChangeLog>(url, `GET /changes?type=${types}`);
    return Changes.map(({ ChangeType, ResourceType }) => `${ChangeType} ${ResourceType}`);
  };
  expect(await kinds("CompletedSeries")).toEqual(["CompletedSeries Series"]);
  expect(await kinds("UpdatedMetadata;UpdatedAttachment")).toEqual([
    "UpdatedMetadata Study",
    "UpdatedAttachment Study",
  ]);
  await expect
    .poll(async () => (await kinds("StablePatient;StableStudy;StableSeries")).toSorted(), { timeout: 10_000 })
    .toEqual(["StablePatient Patient", "StableSeries Series", "StableStudy Study"]);
  expect(await askJson(url, `GET /studies/${ParentStudy}`)).toMatchObject({ IsStable: true });
  expect(await kinds("all")).toHaveLength(5 + 1 + 2 + 3);
});
