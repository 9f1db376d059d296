import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultSettings } from "../settings.ts";
import { call, jsonOf, type Answer } from "../testing/client.ts";
import { startStore, type StoreFixture } from "../testing/store-fixture.ts";
import { tinyDicom } from "../testing/tiny-dicom.ts";

let fixture: StoreFixture;

beforeAll(async () => {
  fixture = await startStore();
});
beforeEach(() => {
  fixture.emulator.settings.change(defaultSettings);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const file = tinyDicom({ study: "1.1", series: "1.1.1", instance: "1.1.1.1" });
const instancePath = "/studies/1.1/series/1.1.1/instances/1.1.1.1";
const remove = (path: string): Promise<Answer> => fixture.send(path, { method: "DELETE" });

function poll(operation: string): Promise<Answer> {
  return call(fixture.emulator, `/v1/${operation}`, { headers: { authorization: `Bearer ${fixture.token}` } });
}

async function beginDeletion(path: string): Promise<string> {
  await fixture.stow([file]);
  const operation = jsonOf(await remove(path)) as { name: string };
  expect(operation).toEqual({
    name: expect.stringMatching(/^projects\/p\/locations\/europe-west1\/datasets\/d\/operations\/\d+$/),
  });
  return operation.name;
}

test("an instance goes at once", async () => {
  await fixture.stow([file]);
  const answer = await remove(instancePath);
  expect([answer.status, answer.text]).toEqual([200, ""]);
  expect(fixture.emulator.instances(fixture.store)).toEqual([]);
  expect((await remove(instancePath)).status).toBe(404);
});

describe("a study or series goes by an operation", () => {
  test("which is done after so many polls, and refuses inserts until then", async () => {
    fixture.emulator.settings.change({ operationPolls: 2 });
    const name = await beginDeletion("/studies/1.1");
    expect(jsonOf(await poll(name))).toMatchObject({ name, done: false });
    const refused = await fixture.stow([file]);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("being deleted");
    expect((await fixture.stow([tinyDicom({ study: "2.2" })])).status).toBe(200);
    expect(jsonOf(await poll(name))).toMatchObject({ done: false });
    expect(jsonOf(await poll(name))).toMatchObject({
      done: true,
      response: { "@type": "type.googleapis.com/google.protobuf.Empty" },
    });
    expect((await fixture.stow([file])).status).toBe(200);
  });

  test("which is done by itself when nobody polls", async () => {
    fixture.emulator.settings.change({ operationPolls: 2 });
    await beginDeletion("/studies/1.1/series/1.1.1");
    expect((await fixture.stow([file])).status).toBe(409);
    fixture.emulator.settings.change({ clockOffset: 6 });
    expect((await fixture.stow([file])).status).toBe(200);
  });

  test("unknown operations and studies: 404; without a token: 401", async () => {
    expect((await poll("projects/p/operations/1")).status).toBe(404);
    expect((await remove("/studies/9.9")).status).toBe(404);
    const name = await beginDeletion("/studies/1.1");
    expect((await call(fixture.emulator, `/v1/${name}`)).status).toBe(401);
  });
});

test("the index may lag behind a deletion", async () => {
  await fixture.stow([file]);
  fixture.emulator.settings.change({ indexLag: 30, clockOffset: 60 });
  await remove(instancePath);
  expect((await fixture.send("/studies?StudyInstanceUID=1.1")).status).toBe(200);
  fixture.emulator.settings.change({ clockOffset: 120 });
  expect((await fixture.send("/studies?StudyInstanceUID=1.1")).status).toBe(204);
});

test("a quota per minute, project and location", async () => {
  await using own = await startStore({ settings: { requestsPerMinute: 2, quotaRetryAfter: 7 } });
  const statuses = [await own.send("/studies"), await own.send("/studies")].map((answer) => answer.status);
  expect(statuses).toEqual([204, 204]);
  const third = await own.send("/studies");
  expect(third.status).toBe(429);
  expect(third.headers["retry-after"]).toBe("7");
  expect(jsonOf(third)).toMatchObject({ error: { status: "RESOURCE_EXHAUSTED" } });
  own.emulator.settings.change({ clockOffset: 60 });
  expect((await own.send("/studies")).status).toBe(204);
});
