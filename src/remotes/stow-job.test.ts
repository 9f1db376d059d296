import { describe, expect, it } from "vitest";
import type { Archive } from "../archive/archive.ts";
import type { Attachment, FoundResource } from "../catalog/catalog.ts";
import { noLog } from "../util/log.ts";
import { createJobHeaderStore } from "./job-headers.ts";
import { stowJob, type StowJobParts } from "./stow-job.ts";
import { stowState, type StowState } from "./stow-state.ts";
import { fakeClock } from "./testing/fake-clock.ts";
import { type FakeAnswer, fakeRemote, type SeenRequest } from "./testing/fake-remote.ts";

const attachment = (size: number): Attachment => ({
  type: 1,
  uuid: "u",
  uncompressedSize: size,
  compressedSize: size,
  uncompressedChecksum: "",
  compressedChecksum: "",
  compression: 1,
  revision: 0,
});

const contentOf = (id: string): string => `DICOM of ${id}`;

const open: Archive["open"] = async (id) => ({
  attachment: attachment(contentOf(id).length),
  size: contentOf(id).length,
  stream: (async function* () {
    yield Buffer.from(contentOf(id));
  })(),
});

/** Instances are called `i1`, `i2`, …; their SOP instance UID is `1.<id>`. `gone` are not in the archive. */
function fakeArchive(gone: readonly string[]): Pick<StowJobParts, "archive" | "catalog"> {
  const find = async ({ publicIds = [] }: { publicIds?: readonly string[] }): Promise<FoundResource[]> =>
    publicIds
      .filter((id) => !gone.includes(id))
      .map((publicId) => ({
        level: "Instance",
        publicId,
        mainDicomTags: { Instance: { "00080018": `1.${publicId}` } },
        attachments: [attachment(contentOf(publicId).length)],
      }));
  return { archive: { open }, catalog: { find } };
}

interface Outcome {
  readonly state: StowState;
  readonly content: Record<string, unknown>;
  readonly error: string | undefined;
  /** Instances of each POST. */
  readonly posts: readonly (readonly string[])[];
  readonly seen: readonly SeenRequest[];
  readonly waits: readonly number[];
}

interface Scenario {
  readonly count: number;
  readonly answer: (parts: readonly string[], post: number) => FakeAnswer;
  readonly gone?: readonly string[];
  readonly definition?: object;
  readonly limits?: { readonly instances: number; readonly bytes: number };
  readonly state?: StowState;
}

const idOf = (part: string): string => part.slice("DICOM of ".length);

const reference = (id: string): object => ({ "00081155": { vr: "UI", Value: [`1.${id}`] } });

function accepted(parts: readonly string[]): FakeAnswer {
  const items = parts.map((part) => reference(idOf(part)));
  return { status: 200, body: JSON.stringify({ "00081199": { vr: "SQ", Value: items } }) };
}

async function runJob({ count, answer, gone = [], definition = {}, ...more }: Scenario): Promise<Outcome> {
  const clock = fakeClock();
  let post = 0;
  const client = fakeRemote(({ parts }) => answer(parts, ++post), definition);
  const headers = createJobHeaderStore();
  const limits = more.limits ?? { instances: 100, bytes: 1e9 };
  const job = stowJob({ ...fakeArchive(gone), client, headers, clock, log: noLog, limits });
  const instances = Array.from({ length: count }, (_, index) => `i${index + 1}`);
  const resources = { Patients: [], Studies: ["s"], Series: [], Instances: [] };
  let state = more.state ?? stowState("pacs", { resources, instances }, headers.keep({ "X-Test": "1" }));
  let error: string | undefined;
  try {
    for await (const step of job.run(state, new AbortController().signal)) state = step.state;
  } catch (failure) {
    error = String(failure);
  }
  return {
    state,
    content: job.describe(state),
    error,
    posts: client.seen.map(({ parts }) => parts.map(idOf)),
    seen: client.seen,
    waits: clock.waits,
  };
}

describe("stowJob", () => {
  it("sends everything and tells Orthanc's content", async () => {
    const { posts, content, error, seen } = await runJob({ count: 3, answer: accepted });
    expect(error).toBeUndefined();
    expect(posts).toEqual([["i1", "i2", "i3"]]);
    expect(content).toEqual({
      Resources: { Patients: [], Studies: ["s"], Series: [], Instances: [] },
      Server: "pacs",
      InstancesCount: "3",
      NetworkSizeMB: "0",
    });
    expect(seen[0]).toMatchObject({ method: "POST", path: "studies" });
    expect(seen[0]?.headers).toMatchObject({ accept: "application/dicom+json", "X-Test": "1" });
    expect(seen[0]?.contentLength).toBeUndefined();
  });

  it("splits by number and by bytes; what is too large goes alone", async () => {
    const size = contentOf("i1").length;
    const byCount = await runJob({ count: 5, answer: accepted, limits: { instances: 2, bytes: 1e9 } });
    expect(byCount.posts).toEqual([["i1", "i2"], ["i3", "i4"], ["i5"]]);
    const byBytes = await runJob({ count: 5, answer: accepted, limits: { instances: 9, bytes: size * 3 - 1 } });
    expect(byBytes.posts).toEqual([["i1", "i2"], ["i3", "i4"], ["i5"]]);
    const alone = await runJob({ count: 2, answer: accepted, limits: { instances: 9, bytes: 1 } });
    expect(alone.posts).toEqual([["i1"], ["i2"]]);
  });

  it("announces the exact length where the server does not take chunks", async () => {
    const { seen } = await runJob({ count: 2, answer: accepted, definition: { ChunkedTransfers: false } });
    const body = seen[0]?.body;
    if (typeof body !== "function") throw new Error("expected a stream");
    expect(seen[0]?.contentLength).toBe(Buffer.concat(await Array.fromAsync(body())).length);
  });

  it("tries again after 503, 429 and a broken connection", async () => {
    const { posts, error, waits } = await runJob({
      count: 1,
      answer: (parts, post) =>
        post === 1 ? { status: 503 } : post === 2 ? { status: 429, headers: { "retry-after": "3" } } : accepted(parts),
    });
    expect(error).toBeUndefined();
    expect(posts).toEqual([["i1"], ["i1"], ["i1"]]);
    expect(waits).toEqual([375, 3000]);
  });

  it("names the instances that were refused (409), and stores the others", async () => {
    const { error, content, state } = await runJob({
      count: 3,
      answer: () => ({
        status: 409,
        body: JSON.stringify({
          "00081199": { vr: "SQ", Value: [reference("i1"), reference("i3")] },
          "00081198": {
            vr: "SQ",
            Value: [{ "00081197": { vr: "US", Value: [272] }, "00091097": { vr: "LT", Value: ["checksum mismatch"] } }],
          },
        }),
      }),
    });
    const reason = "0110 (processing failure): checksum mismatch";
    expect(error).toContain(`"pacs" did not store 1 of 3 instances: 1.i2: ${reason}`);
    expect(content).toMatchObject({
      FailedInstancesCount: "1",
      FailedInstances: [{ ID: "i2", SOPInstanceUID: "1.i2", Reason: reason }],
      FunctionErrorCode: 9,
      FunctionErrorDescription: "Error in the network protocol",
    });
    expect(state.position).toBe(3);
  });

  it("sends one by one when the server does not tell which failed", async () => {
    const { posts, state } = await runJob({
      count: 3,
      answer: (parts) =>
        parts.length === 1 && parts[0] !== contentOf("i2") ? accepted(parts) : { status: 409, body: "conflict" },
    });
    expect(posts).toEqual([["i1", "i2", "i3"], ["i1"], ["i2"], ["i3"]]);
    expect(state.failed.map(({ id }) => id)).toEqual(["i2"]);
  });

  it("stops where the server refuses the request, and goes on from there when it is resubmitted", async () => {
    const limits = { instances: 2, bytes: 1e9 };
    const first = await runJob({
      count: 5,
      limits,
      answer: (parts, post) =>
        post === 2
          ? { status: 403, body: '{"error":{"message":"no permission","status":"PERMISSION_DENIED"}}' }
          : accepted(parts),
    });
    expect(first.error).toContain("HTTP status 403");
    expect(first.error).toContain("PERMISSION_DENIED: no permission");
    expect(first.content).toMatchObject({ InstancesCount: "5", FunctionErrorCode: 9 });
    expect(first.state.position).toBe(2);
    const job = stowJob({
      ...fakeArchive([]),
      client: fakeRemote(() => ({ status: 500 })),
      headers: createJobHeaderStore(),
      clock: fakeClock(),
      log: noLog,
    });
    const restarted = job.restart?.(first.state);
    const second = await runJob({ count: 5, limits, answer: accepted, ...(restarted && { state: restarted }) });
    expect(second.posts).toEqual([["i3", "i4"], ["i5"]]);
    expect(second.content["InstancesCount"]).toBe("5");
    expect(second.error).toBeUndefined();
  });

  it("does not take a success without a list for one", async () => {
    expect((await runJob({ count: 1, answer: () => ({ status: 200, body: "" }) })).error).toContain(
      "list of the instances that were stored is missing",
    );
  });

  it("reports instances that are no longer there, and sends the others", async () => {
    const { posts, error } = await runJob({ count: 3, gone: ["i2"], answer: accepted });
    expect(posts).toEqual([["i1", "i3"]]);
    expect(error).toContain("i2: is no longer in the archive");
  });

  it("does nothing for nothing", async () => {
    expect((await runJob({ count: 0, answer: accepted })).posts).toEqual([]);
  });
});
