import { expect, it } from "vitest";
import { ask, askJson } from "./ask.ts";
import { gatedTargetForTest } from "./gated-target.ts";
import { serverForTest } from "./server-for-test.ts";
import { uploadStudy } from "./upload.ts";

type Job = Readonly<Record<string, unknown>>;

/** A server with a study of three instances, and another one that it can send to. */
async function pair(permits: number, configuration: object = {}) {
  const target = await gatedTargetForTest(permits);
  const { url } = await serverForTest({ DicomWeb: { Servers: { other: { Url: target.url } } }, ...configuration });
  const [{ ParentStudy: study }] = await uploadStudy(url, { instances: 3 });
  const send = async (fields: object = {}): Promise<string> => {
    const body = { Resources: [study], Asynchronous: true, ...fields };
    return (await askJson<{ readonly ID: string }>(url, "POST /dicom-web/servers/other/stow", { body })).ID;
  };
  const job = (id: string) => askJson<Job>(url, `GET /jobs/${id}`);
  const state = async (id: string) => (await job(id))["State"];
  const act = async (id: string, action: string) => {
    const { status, text } = await ask(url, `POST /jobs/${id}/${action}`);
    return [status, text().trim()];
  };
  return { target, url, study, send, job, state, act };
}

const done = [200, "{}"];
const impossible = [400, ""];

it("a job is paused, resumed and ends in Success (behaviour §4)", async () => {
  const { target, url, send, job, state, act } = await pair(0);
  const id = await send();
  await expect.poll(target.uploads).toBe(1);
  expect(await state(id)).toBe("Running");
  expect(await act(id, "resume")).toEqual(impossible);
  expect(await act(id, "resubmit")).toEqual(impossible);
  expect((await ask(url, `DELETE /jobs/${id}`)).status).toBe(404);
  expect(await act(id, "pause")).toEqual(done);
  await expect.poll(() => state(id)).toBe("Paused");
  expect(await act(id, "pause")).toEqual(impossible);
  expect(await act(id, "resume")).toEqual(done);
  target.allow(9);
  await expect.poll(() => state(id), { timeout: 10_000 }).toBe("Success");
  expect(await job(id)).toEqual({
    ID: id,
    Type: "DicomWebStowClient",
    State: "Success",
    Priority: 0,
    Progress: 100,
    ErrorCode: 0,
    ErrorDescription: "Success",
    ErrorDetails: "",
    CreationTime: expect.stringMatching(/^\d{8}T\d{6}(\.\d{6})?$/),
    CompletionTime: expect.stringMatching(/^\d{8}T\d{6}(\.\d{6})?$/),
    Timestamp: expect.stringMatching(/^\d{8}T\d{6}(\.\d{6})?$/),
    EffectiveRuntime: expect.any(Number),
    Content: expect.objectContaining({ Server: "other", InstancesCount: "3", NetworkSizeMB: "0" }),
  });
  expect(await askJson(target.server.url, "GET /statistics")).toMatchObject({ CountInstances: 3 });
  for (const action of ["cancel", "pause", "resume", "resubmit"]) expect(await act(id, action)).toEqual(impossible);
  expect((await ask(url, `DELETE /jobs/${id}`)).status).toBe(200);
  expect((await ask(url, `GET /jobs/${id}`)).status).toBe(404);
});

it("a job is cancelled (code 37) and resubmitted", async () => {
  const { target, send, job, state, act } = await pair(0);
  const id = await send();
  await expect.poll(target.uploads).toBe(1);
  expect(await act(id, "cancel")).toEqual(done);
  await expect.poll(() => state(id)).toBe("Failure");
  expect(await job(id)).toMatchObject({ ErrorCode: 37, ErrorDescription: "This job was canceled" });
  target.allow(9);
  expect(await act(id, "resubmit")).toEqual(done);
  await expect.poll(() => state(id), { timeout: 10_000 }).toBe("Success");
  expect(await askJson(target.server.url, "GET /statistics")).toMatchObject({ CountInstances: 3 });
});

it("only so many jobs run at once, the others wait by priority; the history is limited", async () => {
  const { target, url, send, state } = await pair(0, { ConcurrentJobs: 1, JobsHistorySize: 2 });
  const running = await send();
  await expect.poll(target.uploads).toBe(1);
  const low = await send({ Priority: -5 });
  const high = await send({ Priority: 5 });
  expect([await state(running), await state(low), await state(high)]).toEqual(["Running", "Pending", "Pending"]);
  target.allow(1);
  await expect.poll(() => state(high)).toBe("Running");
  expect(await state(low)).toBe("Pending");
  target.allow(9);
  await expect.poll(() => state(low), { timeout: 10_000 }).toBe("Success");
  expect(await askJson(url, "GET /jobs")).toEqual([low, high].toSorted());
});

it("a synchronous job answers its Content, or the error of its failure", async () => {
  const { target, url, study } = await pair(9);
  const stow = (server: string) =>
    ask(url, `POST /dicom-web/servers/${server}/stow`, { body: { Resources: [study], Synchronous: true } });
  expect((await stow("other")).json()).toMatchObject({ InstancesCount: "3", Server: "other" });
  await askJson(url, "PUT /dicom-web/servers/gone", { body: { Url: `${target.server.url}/nothing/here` } });
  const failed = await stow("gone");
  expect([failed.status, failed.json()]).toEqual([
    404,
    expect.objectContaining({ OrthancStatus: 17, Details: expect.stringContaining("HTTP status 404") }),
  ]);
  expect(await askJson(url, "GET /jobs?expand")).toContainEqual(
    expect.objectContaining({ State: "Failure", ErrorCode: 17, ErrorDescription: "Unknown resource" }),
  );
  expect(target.uploads()).toBe(1);
});

it("what there is not: 404 without a body, 400 for actions", async () => {
  const { url, act } = await pair(0);
  const unknown = "3f6c1b2e-0000-4000-8000-000000000000";
  const { status, text } = await ask(url, `GET /jobs/${unknown}`);
  expect([status, text()]).toEqual([404, ""]);
  expect(await act(unknown, "cancel")).toEqual(impossible);
  expect((await ask(url, `DELETE /jobs/${unknown}`)).json()).toMatchObject({ OrthancStatus: 7, HttpStatus: 404 });
  expect((await ask(url, `GET /jobs/${unknown}/archive`)).json()).toMatchObject({ OrthancStatus: 7, HttpStatus: 404 });
  expect(await askJson(url, "GET /jobs")).toEqual([]);
});
