import { describe, expect, it } from "vitest";
import type { Archive } from "../archive/archive.ts";
import { ServerError } from "../util/errors.ts";
import { noLog } from "../util/log.ts";
import { createJobHeaderStore } from "./job-headers.ts";
import { retrieveJob, retrieveState, type RetrieveState } from "./retrieve-job.ts";
import { retryPolicy } from "./retry.ts";
import { fakeClock } from "./testing/fake-clock.ts";
import { type FakeAnswer, fakeRemote, type SeenRequest } from "./testing/fake-remote.ts";

/** Stores text; the identifier of an instance is its text. `junk` is no DICOM. */
const ingest: Archive["ingest"] = async (data) => {
  if (data instanceof Uint8Array) throw new Error("expected a stream");
  const text = Buffer.concat(await Array.fromAsync(data)).toString();
  if (text === "junk") throw new ServerError("BadFileFormat", "at byte 0");
  const identifiers = { Patient: "p", Study: "s", Series: "s", Instance: text };
  const uids = { PatientID: "", StudyInstanceUID: "", SeriesInstanceUID: "", SOPInstanceUID: "", SOPClassUID: "" };
  return { status: "Success", identifiers, uids };
};

const multipart = { "content-type": 'multipart/related; type="application/dicom"; boundary=b' };
const part = (text: string, type = "application/dicom"): string => `--b\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;

interface Outcome {
  readonly state: RetrieveState;
  readonly content: Record<string, unknown>;
  readonly error: string | undefined;
  readonly seen: readonly SeenRequest[];
}

async function runJob(
  answer: (request: SeenRequest, call: number) => FakeAnswer,
  options: { paths?: string[]; definition?: object; headers?: Record<string, string> } = {},
): Promise<Outcome> {
  let call = 0;
  const client = fakeRemote((request) => answer(request, ++call), options.definition);
  const headers = createJobHeaderStore();
  const job = retrieveJob({ client, archive: { ingest }, headers, clock: fakeClock(), log: noLog });
  let state = retrieveState({
    server: "pacs",
    paths: options.paths ?? ["studies/1.2"],
    queryArguments: { a: "b" },
    headers: headers.keep(options.headers ?? {}),
  });
  let error: string | undefined;
  try {
    for await (const step of job.run(state, new AbortController().signal)) state = step.state;
  } catch (failure) {
    error = String(failure);
  }
  return { state, content: job.describe(state), error, seen: client.seen };
}

/** The `Accept` header of the request. */
async function accept(options: Parameters<typeof runJob>[1]): Promise<string | undefined> {
  const { seen } = await runJob(() => ({ status: 200, headers: multipart, body: "--b--" }), options);
  return seen[0]?.headers?.["accept"] ?? seen[0]?.headers?.["Accept"];
}

describe("retrieveJob", () => {
  it("stores the parts and tells Orthanc's content", async () => {
    const { error, content, seen } = await runJob(() => ({
      status: 200,
      headers: multipart,
      body: [part("one"), part("two"), "--b--"],
    }));
    expect(error).toBeUndefined();
    expect(content).toEqual({
      Server: "pacs",
      ReceivedInstancesCount: "2",
      NetworkUsageMB: "0",
      Instances: ["one", "two"],
    });
    expect(seen[0]).toMatchObject({ path: "studies/1.2", queryArguments: { a: "b" } });
  });

  it("asks for the stored transfer syntax, outside the quotes, unless the server cannot or the client says otherwise", async () => {
    expect(await accept({})).toBe('multipart/related; type="application/dicom"; transfer-syntax=*');
    expect(await accept({ definition: { HasWadoRsUniversalTransferSyntax: "0" } })).toBe(
      'multipart/related; type="application/dicom"',
    );
    expect(await accept({ headers: { Accept: "application/dicom" } })).toBe("application/dicom");
  });

  it("understands a bare DICOM file", async () => {
    const { content } = await runJob(() => ({
      status: 200,
      headers: { "content-type": "application/dicom" },
      body: "one",
    }));
    expect(content["Instances"]).toEqual(["one"]);
  });

  it("tries again when the answer ends too early, then says how much came", async () => {
    const truncated = { status: 200, headers: multipart, body: [part("one"), "--b\r\n\r\ntw"] };
    const whole = { status: 200, headers: multipart, body: [part("one"), part("two"), "--b--"] };
    const recovered = await runJob((_, call) => (call === 1 ? truncated : whole));
    expect(recovered.error).toBeUndefined();
    expect(recovered.content["Instances"]).toEqual(["one", "two"]);
    const lost = await runJob(() => truncated);
    expect(lost.seen).toHaveLength(retryPolicy.attempts);
    expect(lost.error).toContain('studies/1.2 from "pacs": 1 instances (5 bytes) came before');
    expect(lost.content).toMatchObject({ FunctionErrorCode: 9 });
  });

  it("tries again when the connection breaks", async () => {
    const { error, content } = await runJob((_, call) => ({
      status: 200,
      headers: multipart,
      body: call === 1 ? ["--b\r\n", new ServerError("NetworkProtocol", "reset")] : [part("one"), "--b--"],
    }));
    expect(error).toBeUndefined();
    expect(content["ReceivedInstancesCount"]).toBe("1");
  });

  it("goes on with the next resource after a restart", async () => {
    const paths = ["studies/1", "studies/2"];
    const { state, error } = await runJob(
      ({ path }) =>
        path === "studies/1" ? { status: 200, headers: multipart, body: [part("one"), "--b--"] } : { status: 404 },
      { paths },
    );
    expect(error).toContain("HTTP status 404");
    expect(state.position).toBe(1);
  });

  it("does not try again what is no DICOM", async () => {
    const junk = await runJob(() => ({ status: 200, headers: multipart, body: [part("junk"), "--b--"] }));
    expect(junk.error).toContain("at byte 0");
    expect(junk.seen).toHaveLength(1);
  });

  it.each([
    [{ "content-type": "text/html" }, "<html>", "answered with text/html"],
    [multipart, `${part("{}", "application/json")}--b--`, "is application/json"],
  ])("refuses other types: %j", async (headers, body, message) => {
    expect((await runJob(() => ({ status: 200, headers, body }))).error).toContain(message);
  });
});

describe("createJobHeaderStore", () => {
  it("keeps secrets out of the state", () => {
    const store = createJobHeaderStore();
    const kept = store.keep({ Authorization: "Bearer token", "X-Site": "north" });
    expect(JSON.stringify(kept)).not.toContain("Bearer");
    expect(store.all(kept)).toEqual({ Authorization: "Bearer token", "X-Site": "north" });
    expect(() => createJobHeaderStore().all(kept)).toThrow("submit a new job");
  });
});
