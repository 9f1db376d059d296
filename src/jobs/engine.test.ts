import { describe, expect, test } from "vitest";
import { noLog, type Log } from "../util/log.ts";
import { ServerError } from "../util/errors.ts";
import { createJobsEngine, type JobsEngineOptions } from "./engine.ts";
import type { JobsEngine, JobType } from "./job.ts";

interface Count {
  readonly done: number;
  readonly total: number;
}

/** A job whose steps end when the test says so. */
function steppedJob(type = "Stepped") {
  const gates: PromiseWithResolvers<void>[] = [];
  const started: number[] = [];
  const log: string[] = [];
  const gate = (step: number): PromiseWithResolvers<void> => (gates[step] ??= Promise.withResolvers<void>());
  const job: JobType<Count> = {
    type,
    async *run(state, signal) {
      log.push(`run from ${state.done}`);
      try {
        for (let done = state.done; done < state.total; done += 1) {
          started.push(done);
          await gate(done).promise;
          log.push(signal.aborted ? `step ${done} aborted` : `step ${done}`);
          yield { state: { ...state, done: done + 1 }, fraction: (done + 1) / state.total };
        }
      } finally {
        log.push("stopped");
      }
    },
    describe: (state) => ({ Done: state.done }),
    restart: (state) => ({ ...state, done: 0 }),
  };
  return { job, gate, log, started };
}

function engine(options: Partial<JobsEngineOptions> = {}): JobsEngine {
  return createJobsEngine({ concurrent: 2, historySize: 10, log: noLog, ...options });
}

/** Lets everything that is ready go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const instant = (type: string, order: string[]): JobType<{ name: string }> => ({
  type,
  async *run(state) {
    await Promise.resolve();
    order.push(state.name);
    yield { state, fraction: 1 };
  },
  describe: (state) => ({ Name: state.name }),
});

const failing = (thrown: Error): JobType<null> => ({
  type: "Failing",
  // oxlint-disable-next-line require-yield
  async *run() {
    await Promise.resolve();
    throw thrown;
  },
  describe: () => ({}),
});

describe("jobs engine", () => {
  test("a job runs to Success and tells its content", async () => {
    const jobs = engine();
    const { job, gate } = steppedJob();
    const id = jobs.submit(job, { done: 0, total: 2 }, { priority: 3, userData: { a: 1 } });
    await settle();
    expect(jobs.get(id)).toMatchObject({ state: "Running", progress: 0, content: { Done: 0 }, priority: 3 });
    gate(0).resolve();
    gate(1).resolve();
    const info = await jobs.finished(id);
    expect(info).toMatchObject({
      id,
      type: "Stepped",
      state: "Success",
      progress: 1,
      content: { Done: 2 },
      userData: { a: 1 },
      error: undefined,
    });
    expect(info.completionTime).toBeTypeOf("number");
  });

  test("higher priorities go first, then the oldest", async () => {
    const jobs = engine({ concurrent: 1 });
    const order: string[] = [];
    const blocker = steppedJob();
    jobs.submit(blocker.job, { done: 0, total: 1 }, { priority: 0 });
    const job = instant("Instant", order);
    const submit = (name: string, priority: number) => jobs.submit(job, { name }, { priority });
    const ids = [submit("low", -1), submit("first", 5), submit("second", 5), submit("default", 0)];
    await settle();
    expect(order).toEqual([]);
    blocker.gate(0).resolve();
    await Promise.all(ids.map((id) => jobs.finished(id)));
    expect(order).toEqual(["first", "second", "default", "low"]);
  });

  test("no more jobs run than ConcurrentJobs", async () => {
    const jobs = engine({ concurrent: 2 });
    const all = [steppedJob(), steppedJob(), steppedJob()] as const;
    const ids = all.map(({ job }) => jobs.submit(job, { done: 0, total: 1 }, { priority: 0 }));
    await settle();
    expect(ids.map((id) => jobs.get(id)?.state)).toEqual(["Running", "Running", "Pending"]);
    all[0].gate(0).resolve();
    await settle();
    expect(ids.map((id) => jobs.get(id)?.state)).toEqual(["Success", "Running", "Running"]);
  });

  test("a paused job is no longer pulled, gives its place away and goes on where it was", async () => {
    const jobs = engine({ concurrent: 1 });
    const { job, gate, started, log } = steppedJob();
    const order: string[] = [];
    const id = jobs.submit(job, { done: 0, total: 3 }, { priority: 0 });
    await settle();
    expect(jobs.pause(id)).toBe(true);
    expect(jobs.pause(id)).toBe(false);
    gate(0).resolve();
    await jobs.finished(jobs.submit(instant("Other", order), { name: "other" }, { priority: 0 }));
    expect(order).toEqual(["other"]);
    expect(started).toEqual([0]);
    expect(jobs.get(id)).toMatchObject({ state: "Paused", content: { Done: 1 } });
    expect(jobs.resume(id)).toBe(true);
    gate(1).resolve();
    gate(2).resolve();
    expect(await jobs.finished(id)).toMatchObject({ state: "Success" });
    expect(log.filter((line) => line.startsWith("run"))).toEqual(["run from 0"]);
  });

  test("paused and resumed within one step, it goes on; its last step ends a paused job", async () => {
    const jobs = engine({ concurrent: 1 });
    const { job, gate } = steppedJob();
    const id = jobs.submit(job, { done: 0, total: 1 }, { priority: 0 });
    await settle();
    expect([jobs.pause(id), jobs.resume(id)]).toEqual([true, true]);
    gate(0).resolve();
    expect(await jobs.finished(id)).toMatchObject({ state: "Success" });
  });

  test("cancelling aborts the signal, lets the generator clean up and fails with CanceledJob", async () => {
    const jobs = engine();
    const { job, gate, log } = steppedJob();
    const id = jobs.submit(job, { done: 0, total: 2 }, { priority: 0 });
    await settle();
    expect(jobs.cancel(id)).toBe(true);
    expect(await jobs.finished(id)).toMatchObject({ state: "Failure", error: { name: "CanceledJob" } });
    expect(jobs.cancel(id)).toBe(false);
    gate(0).resolve();
    await settle();
    expect(log).toEqual(["run from 0", "step 0 aborted", "stopped"]);
    expect(jobs.get(id)).toMatchObject({ state: "Failure", content: { Done: 0 } });
  });

  test("a resubmitted job starts again from its restart state, after the cancelled step has ended", async () => {
    const jobs = engine({ concurrent: 5 });
    const { job, gate, log } = steppedJob();
    const id = jobs.submit(job, { done: 0, total: 2 }, { priority: 0 });
    await settle();
    gate(0).resolve();
    await settle();
    jobs.cancel(id);
    expect(jobs.resubmit(id)).toBe(true);
    await settle();
    expect(jobs.get(id)).toMatchObject({ state: "Pending", progress: 0, content: { Done: 0 }, error: undefined });
    gate(1).resolve();
    expect(await jobs.finished(id)).toMatchObject({ state: "Success", content: { Done: 2 } });
    expect(log).toEqual([
      "run from 0",
      "step 0",
      "step 1 aborted",
      "stopped",
      "run from 0",
      "step 0",
      "step 1",
      "stopped",
    ]);
  });

  test("a ServerError is the job's error; anything else is an InternalError that tells nothing", async () => {
    const jobs = engine();
    const run = (error: Error) => jobs.finished(jobs.submit(failing(error), null, { priority: 0 }));
    const payload = { Type: "Dimse" };
    expect(await run(new ServerError("NetworkProtocol", "host x: refused", { payload }))).toMatchObject({
      state: "Failure",
      error: { name: "NetworkProtocol", details: "host x: refused", payload },
    });
    expect((await run(new TypeError("secret"))).error).toEqual({ name: "InternalError", details: "" });
  });

  test("only JobsHistorySize ended jobs are remembered", async () => {
    const jobs = engine({ historySize: 2 });
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) {
      const id = jobs.submit(instant("Instant", []), { name }, { priority: 0 });
      ids.push(id);
      await jobs.finished(id);
    }
    expect(ids.map((id) => jobs.get(id)?.content["Name"])).toEqual([undefined, "b", "c"]);
    expect(jobs.remove(ids[1] ?? "")).toBe(true);
    expect(jobs.remove(ids[1] ?? "")).toBe(false);
    await expect(jobs.finished("nothing")).rejects.toMatchObject({ errorName: "InexistentItem" });
  });

  test("a forgotten job's type is told, whether it was removed or pushed out", async () => {
    const jobs = engine({ historySize: 1 });
    const forgotten: string[] = [];
    const job: JobType<{ name: string }> = {
      ...instant("Instant", []),
      forget: ({ name }) => void forgotten.push(name),
    };
    const ids: string[] = [];
    for (const name of ["pushed out", "removed"]) {
      const id = jobs.submit(job, { name }, { priority: 0 });
      await jobs.finished(id);
      ids.push(id);
    }
    expect(forgotten).toEqual(["pushed out"]);
    jobs.remove(ids[1] ?? "");
    expect(forgotten).toEqual(["pushed out", "removed"]);
  });

  test("without a history, whoever waits still gets the ended job", async () => {
    const jobs = engine({ historySize: 0 });
    const id = jobs.submit(instant("Instant", []), { name: "a" }, { priority: 0 });
    expect(await jobs.finished(id)).toMatchObject({ state: "Success", content: { Name: "a" } });
    expect(jobs.list()).toEqual([]);
  });

  test("a running job cannot be removed", async () => {
    const jobs = engine();
    const id = jobs.submit(steppedJob().job, { done: 0, total: 1 }, { priority: 0 });
    await settle();
    expect(jobs.remove(id)).toBe(false);
  });

  test("time is counted while running only, and the estimate follows the progress", async () => {
    let now = 1_000_000;
    const jobs = engine({ now: () => now });
    const { job, gate } = steppedJob();
    const id = jobs.submit(job, { done: 0, total: 4 }, { priority: 0 });
    await settle();
    expect(jobs.get(id)?.estimatedTimeOfArrival).toBeUndefined();
    now += 2000;
    gate(0).resolve();
    await settle();
    expect(jobs.get(id)).toMatchObject({ effectiveRuntime: 2, estimatedTimeOfArrival: now + 6000 });
    jobs.pause(id);
    now += 50_000;
    expect(jobs.get(id)).toMatchObject({ effectiveRuntime: 2, estimatedTimeOfArrival: undefined });
  });
});

describe("saved jobs", () => {
  test("go on from the last state that was saved; unknown types are dropped with a warning", async () => {
    const texts: string[] = [];
    const save = async (text: string) => void texts.push(text);
    const first = engine({ save });
    const { job, gate } = steppedJob();
    const other = steppedJob("Forgotten");
    const running = first.submit(job, { done: 0, total: 2 }, { priority: 7, userData: "mine" });
    first.submit(other.job, { done: 0, total: 1 }, { priority: 0 });
    await settle();
    gate(0).resolve();
    await settle();
    other.gate(0).resolve();
    const closing = first.close();
    gate(1).resolve();
    await closing;

    // The text as it was just before the last step ended: the server was killed there.
    const saved = texts.findLast((text) => text.includes('"state":{"done":1,"total":2}'));
    const warnings: string[] = [];
    const log: Log = { ...noLog, warn: (message) => void warnings.push(message) };
    const second = engine({ saved, log });
    const again = steppedJob();
    second.register(again.job);
    expect(second.list()).toEqual([]);
    second.start();
    await settle();
    expect(again.log).toEqual(["run from 1"]);
    expect(second.list().map(({ id, priority, userData }) => ({ id, priority, userData }))).toEqual([
      { id: running, priority: 7, userData: "mine" },
    ]);
    expect(warnings).toEqual([expect.stringContaining("Forgotten")]);
    again.gate(1).resolve();
    expect(await second.finished(running)).toMatchObject({ state: "Success" });
  });

  test("are kept in the text until start, and a damaged text is a warning", async () => {
    let text = "";
    const save = async (saved: string) => void (text = saved);
    const first = engine({ save });
    await first.finished(first.submit(instant("Instant", []), { name: "kept" }, { priority: 0 }));
    await first.close();
    const before = text;
    const second = engine({ save, saved: before });
    await second.close();
    expect(JSON.parse(text)).toEqual(JSON.parse(before));

    const warnings: string[] = [];
    const log: Log = { ...noLog, warn: (message) => void warnings.push(message) };
    for (const saved of ["{", "[]", '{"version":1,"jobs":[{"id":3}]}', '{"version":2,"jobs":[]}']) {
      expect(engine({ saved, log }).list()).toEqual([]);
    }
    expect(warnings).toHaveLength(4);
  });

  test("a save that fails is logged and the next change saves again", async () => {
    const errors: string[] = [];
    let attempts = 0;
    const jobs = engine({
      log: { ...noLog, error: (message) => void errors.push(message) },
      save: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error("disk full");
      },
    });
    await jobs.finished(jobs.submit(instant("Instant", []), { name: "a" }, { priority: 0 }));
    await jobs.close();
    expect(errors).toEqual(["Cannot save the jobs"]);
    expect(attempts).toBeGreaterThan(1);
  });
});
