import { describe, expect, test } from "vitest";
import { createJobsEngine } from "../jobs/engine.ts";
import type { JobInfo, JobType } from "../jobs/job.ts";
import { noLog } from "../util/log.ts";
import { callRoute } from "../../test/call-route.ts";
import { jobJson, jobsRoutes } from "./jobs-routes.ts";

/** A job that runs until it is cancelled. */
const endless: JobType<null> = {
  type: "Endless",
  async *run(state, signal) {
    while (!signal.aborted) {
      await new Promise((resolve) => setImmediate(resolve));
      yield { state, fraction: 0.5 };
    }
  },
  describe: () => ({ Description: "REST API" }),
};

const info: JobInfo = {
  id: "b5e8d1a4-0000-4000-8000-000000000000",
  type: "DicomWebStowClient",
  state: "Running",
  priority: 10,
  progress: 0.507,
  error: undefined,
  content: { Description: "REST API" },
  creationTime: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  completionTime: undefined,
  estimatedTimeOfArrival: Date.UTC(2026, 0, 2, 3, 5, 0),
  effectiveRuntime: 1.5,
};

describe("jobJson", () => {
  test("of a running job", () => {
    const json = jobJson(info);
    expect(json).toEqual({
      Content: { Description: "REST API" },
      CreationTime: "20260102T030405.006000",
      EffectiveRuntime: 1.5,
      ErrorCode: 0,
      ErrorDescription: "Success",
      ErrorDetails: "",
      EstimatedTimeOfArrival: "20260102T030500",
      ID: "b5e8d1a4-0000-4000-8000-000000000000",
      Priority: 10,
      Progress: 51,
      State: "Running",
      Timestamp: expect.stringMatching(/^\d{8}T\d{6}(\.\d{6})?$/),
      Type: "DicomWebStowClient",
    });
  });

  test("of a failed job has its error, payload and completion", () => {
    const error = { name: "NetworkProtocol", details: "no route to host", payload: { Type: "Dimse" } } as const;
    expect(
      jobJson({ ...info, state: "Failure", error, completionTime: info.creationTime, userData: [1] }),
    ).toMatchObject({
      CompletionTime: "20260102T030405.006000",
      ErrorCode: 9,
      ErrorDescription: "Error in the network protocol",
      ErrorDetails: "no route to host",
      ErrorPayload: { Type: "Dimse" },
      State: "Failure",
      UserData: [1],
    });
  });
});

describe("/jobs", () => {
  const jobs = createJobsEngine({ concurrent: 1, historySize: 10, log: noLog });
  const routes = jobsRoutes({ jobs });
  const call = (target: string) => callRoute(routes, target);

  test("a job is listed, paused, resumed, cancelled, resubmitted and forgotten", async () => {
    expect((await call("GET /jobs")).json()).toEqual([]);
    const id = jobs.submit(endless, null, { priority: 0 });
    expect((await call("GET /jobs")).json()).toEqual([id]);
    expect((await call("GET /jobs?expand")).json()).toMatchObject([{ ID: id, State: "Running" }]);

    expect((await call(`POST /jobs/${id}/pause`)).text()).toBe("{}");
    expect((await call(`GET /jobs/${id}`)).json()).toMatchObject({ State: "Paused" });
    expect((await call(`POST /jobs/${id}/resume`)).text()).toBe("{}");
    expect((await call(`DELETE /jobs/${id}`)).status).toBe(404);

    expect((await call(`POST /jobs/${id}/cancel`)).status).toBe(200);
    expect((await call(`GET /jobs/${id}`)).json()).toMatchObject({
      State: "Failure",
      ErrorCode: 37,
      ErrorDescription: "This job was canceled",
    });
    expect((await call(`POST /jobs/${id}/resubmit`)).status).toBe(200);
    expect((await call(`POST /jobs/${id}/cancel`)).status).toBe(200);
    expect((await call(`DELETE /jobs/${id}`)).status).toBe(200);
    expect((await call(`GET /jobs/${id}`)).status).toBe(404);
  });

  test("what a job has made is fetched and deleted", async () => {
    const kept = new Map([["made", Buffer.from("an archive")]]);
    const making: JobType<null> = {
      ...endless,
      async *run(state) {
        await Promise.resolve();
        yield { state, fraction: 1 };
      },
      output: (_, key) => {
        const file = kept.get(key);
        if (file === undefined) return undefined;
        return {
          type: "application/zip",
          filename: "mine.zip",
          size: file.length,
          read: async function* () {
            yield file;
          },
          remove: async () => void kept.delete(key),
        };
      },
    };
    const id = jobs.submit(making, null, { priority: 0 });
    await jobs.finished(id);
    const { status, type, headers, text } = await call(`GET /jobs/${id}/made`);
    expect([status, type, text()]).toEqual([200, "application/zip", "an archive"]);
    expect(headers["Content-Disposition"]).toBe('filename="mine.zip"');
    expect((await call(`GET /jobs/${id}/other`)).json()).toMatchObject({ error: "InexistentItem" });
    expect((await call(`DELETE /jobs/${id}/made`)).status).toBe(200);
    expect((await call(`GET /jobs/${id}/made`)).status).toBe(404);
  });

  test("there are no outputs of what is no job", async () => {
    expect((await call("GET /jobs/nothing/archive")).json()).toMatchObject({ error: "InexistentItem" });
    expect((await call("DELETE /jobs/nothing/archive")).json()).toMatchObject({ error: "InexistentItem" });
  });

  test("what cannot be done is an empty 400, an unknown job an empty 404", async () => {
    const refused = await call("POST /jobs/nothing/cancel");
    expect([refused.status, refused.text()]).toEqual([400, ""]);
    const missing = await call("GET /jobs/nothing");
    expect([missing.status, missing.text()]).toEqual([404, ""]);
    expect((await call("DELETE /jobs/nothing")).json()).toMatchObject({ error: "InexistentItem" });
  });
});
