import { describe, expect, it } from "vitest";
import { deleteRemote, operationName, operationUrl } from "./remote-delete.ts";
import { fakeClock } from "./testing/fake-clock.ts";
import { type FakeAnswer, fakeRemote } from "./testing/fake-remote.ts";

const name = "projects/p/locations/l/datasets/d/operations/42";
const done = JSON.stringify({ name, done: true, response: {} });
const running = JSON.stringify({ name });

async function deletion(
  ...answers: readonly FakeAnswer[]
): Promise<{ error?: string; paths: string[]; waits: number[] }> {
  const left = [...answers];
  const clock = fakeClock();
  const client = fakeRemote(() => left.shift() ?? { status: 500 });
  const signal = new AbortController().signal;
  const error = await deleteRemote({ client, clock }, "pacs", "studies/1.2", signal).then(
    () => undefined,
    (failure: unknown) => String(failure),
  );
  const paths = client.seen.map(({ path }) => path);
  return { ...(error === undefined ? {} : { error }), paths, waits: clock.waits };
}

describe("deleteRemote", () => {
  it("is done when the server answers without an operation", async () => {
    expect(await deletion({ status: 200 })).toEqual({ paths: ["studies/1.2"], waits: [] });
    expect(await deletion({ status: 204 })).toEqual({ paths: ["studies/1.2"], waits: [] });
  });

  it("waits for Google's operation", async () => {
    const { error, paths, waits } = await deletion(
      { status: 200, body: running },
      { status: 200, body: running },
      { status: 200, body: done },
    );
    const url = `http://pacs/v1/${name}`;
    expect(error).toBeUndefined();
    expect(paths).toEqual(["studies/1.2", url, url]);
    expect(waits).toEqual([250]);
  });

  it("fails as the operation does", async () => {
    const failed = JSON.stringify({ name, done: true, error: { code: 7, message: "permission denied" } });
    expect((await deletion({ status: 200, body: running }, { status: 200, body: failed })).error).toContain(
      "permission denied",
    );
  });

  it("does not wait for ever", async () => {
    const answers = Array.from({ length: 200 }, () => ({ status: 200, body: running }));
    expect((await deletion(...answers)).error).toContain("not done after 300 s");
  });

  it("tells why the server refuses", async () => {
    const { error } = await deletion({
      status: 404,
      body: '{"error":{"message":"no such study","status":"NOT_FOUND"}}',
    });
    expect(error).toContain("NOT_FOUND: no such study");
  });
});

describe("operationName", () => {
  it.each([
    "",
    "{}",
    "[]",
    '{"name":"x"}',
    '{"name":"projects/../../operations/1"}',
    '{"name":"projects/p/operations/a b"}',
  ])("is none in %j", (body) => {
    expect(operationName(body)).toBeUndefined();
  });
});

describe("operationUrl", () => {
  it("is below the version of Google's API", () => {
    const server =
      "https://healthcare.googleapis.com/v1beta1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/";
    expect(operationUrl(server, name)).toBe(`https://healthcare.googleapis.com/v1beta1/${name}`);
    expect(operationUrl("https://pacs/dicom-web/", name)).toBeUndefined();
  });
});
