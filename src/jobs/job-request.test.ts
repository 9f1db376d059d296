import { describe, expect, test } from "vitest";
import { noLog } from "../util/log.ts";
import { ServerError } from "../util/errors.ts";
import { createJobsEngine } from "./engine.ts";
import { parseJobRequest, runSubmitted } from "./job-request.ts";
import type { JobType } from "./job.ts";

describe("parseJobRequest", () => {
  test("synchronous, priority 0 and not permissive by default", () => {
    expect(parseJobRequest({})).toEqual({ synchronous: true, priority: 0, permissive: false });
  });

  test("Synchronous wins over Asynchronous", () => {
    expect(parseJobRequest({ Asynchronous: true }).synchronous).toBe(false);
    expect(parseJobRequest({ Asynchronous: true, Synchronous: true }).synchronous).toBe(true);
    expect(parseJobRequest({ Synchronous: false, Asynchronous: false }).synchronous).toBe(false);
  });

  test("UserData may be any JSON", () => {
    expect(parseJobRequest({ Priority: -3, Permissive: true, UserData: null })).toEqual({
      synchronous: true,
      priority: -3,
      permissive: true,
      userData: null,
    });
  });

  test.each([
    [{ Synchronous: "yes" }, "Synchronous"],
    [{ Asynchronous: 1 }, "Asynchronous"],
    [{ Priority: 1.5 }, "Priority"],
    [{ Priority: "1" }, "Priority"],
    [{ Permissive: null }, "Permissive"],
  ])("%j is refused by name", (body, name) => {
    expect(() => parseJobRequest(body)).toThrow(name);
    expect(() => parseJobRequest(body)).toThrow(ServerError);
  });
});

describe("runSubmitted", () => {
  const job: JobType<{ readonly fails: boolean }> = {
    type: "Example",
    async *run(state) {
      await Promise.resolve();
      if (state.fails) throw new ServerError("NetworkProtocol", "no route", { payload: { Type: "Dimse" } });
      yield { state, fraction: 1 };
    },
    describe: () => ({ Description: "REST API" }),
  };
  const engine = createJobsEngine({ concurrent: 1, historySize: 10, log: noLog });

  test("asynchronous: the job's path", async () => {
    const answer = await runSubmitted(
      engine,
      { type: job, state: { fails: false } },
      parseJobRequest({ Asynchronous: true }),
    );
    expect(answer).toEqual({ ID: expect.any(String), Path: `/jobs/${String(answer["ID"])}` });
  });

  test("synchronous: the job's content, or its error", async () => {
    expect(await runSubmitted(engine, { type: job, state: { fails: false } }, parseJobRequest({}))).toEqual({
      Description: "REST API",
    });
    await expect(
      runSubmitted(engine, { type: job, state: { fails: true } }, parseJobRequest({})),
    ).rejects.toMatchObject({ errorName: "NetworkProtocol", details: "no route", payload: { Type: "Dimse" } });
  });
});
