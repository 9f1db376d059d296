import { expect, test } from "vitest";
import { createJobsEngine } from "../jobs/engine.ts";
import type { JobsEngine } from "../jobs/job.ts";
import { noLog } from "../util/log.ts";
import type { Operation } from "./protocol.ts";
import { type Perform, sequenceJob } from "./sequence-job.ts";
import { createSequences } from "./sequences.ts";

const send = (resource: string): Operation => ({ kind: "store-scu", resource, modality: "pacs" });
const remove = (resource: string): Operation => ({ kind: "delete", resource });

function sequencesOver(
  perform: Perform,
  jobs: JobsEngine = createJobsEngine({ concurrent: 2, historySize: 9, log: noLog }),
) {
  const type = sequenceJob(perform, noLog);
  jobs.register(type);
  return { jobs, ...createSequences(jobs, type) };
}

async function allEnded(jobs: JobsEngine): Promise<void> {
  for (const { id } of jobs.list()) await jobs.finished(id);
}

test("operations are done in order across callbacks; those that come meanwhile make one job", async () => {
  const done: string[] = [];
  const { jobs, add } = sequencesOver(async ({ kind, resource }) => void done.push(`${kind} ${resource}`));
  add([send("1"), remove("1")]);
  add([send("2")]);
  add([send("3"), remove("2")]);
  await expect.poll(() => done.length).toBe(5);
  await allEnded(jobs);
  expect(done).toEqual(["store-scu 1", "delete 1", "store-scu 2", "store-scu 3", "delete 2"]);
  expect(jobs.list().map(({ type, content }) => [type, content["CountOperations"]])).toEqual([
    ["SequenceOfOperations", 2],
    ["SequenceOfOperations", 3],
  ]);
});

test("what could not be sent is not deleted, until it is tried again with success; other resources are dealt with", async () => {
  const done: string[] = [];
  let refuses = true;
  const { jobs, add } = sequencesOver(async ({ kind, resource }) => {
    if (refuses && kind === "store-scu" && resource === "1") throw new Error("refused");
    done.push(`${kind} ${resource}`);
  });
  add([send("1"), remove("1"), send("2"), remove("2")]);
  await allEnded(jobs);
  expect(done.splice(0)).toEqual(["store-scu 2", "delete 2"]);
  expect(jobs.list().map(({ state }) => state)).toEqual(["Failure"]);
  refuses = false;
  jobs.resubmit(jobs.list()[0]?.id ?? "");
  await allEnded(jobs);
  expect(done).toEqual(["store-scu 1", "delete 1"]);
});

test("a restart goes on after what was done", async () => {
  let saved = "";
  const options = { concurrent: 1, historySize: 9, log: noLog, save: async (text: string) => void (saved = text) };
  const done: string[] = [];
  const first = createJobsEngine(options);
  const { add, close } = sequencesOver(async ({ resource }, signal) => {
    if (resource === "2")
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    done.push(resource);
  }, first);
  add([send("1"), send("2")]);
  await expect.poll(() => done).toEqual(["1"]);
  add([send("3")]);
  close();
  await first.close();
  const second = createJobsEngine({ ...options, saved });
  sequencesOver(async ({ resource }) => void done.push(resource), second);
  second.start();
  await allEnded(second);
  expect(done).toEqual(["1", "2", "3"]);
});
