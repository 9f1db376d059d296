import { describe, expect, test } from "vitest";
import type { JobState } from "./job.ts";
import { isFinal, jobEvents, nextJobState, stateAfterRestart, type JobEvent } from "./states.ts";

// Orthanc's rules: resume only from Paused, resubmit only from Failure, pause from Pending, Running and Retry,
// cancel whatever has not ended. "-" is a refusal.
const expected: Record<JobState, Record<JobEvent, JobState | "-">> = {
  Pending: {
    start: "Running",
    succeed: "-",
    fail: "-",
    pause: "Paused",
    resume: "-",
    cancel: "Failure",
    resubmit: "-",
  },
  Running: {
    start: "-",
    succeed: "Success",
    fail: "Failure",
    pause: "Paused",
    resume: "-",
    cancel: "Failure",
    resubmit: "-",
  },
  Paused: {
    start: "-",
    succeed: "Success",
    fail: "Failure",
    pause: "-",
    resume: "Pending",
    cancel: "Failure",
    resubmit: "-",
  },
  Retry: {
    start: "Running",
    succeed: "-",
    fail: "-",
    pause: "Paused",
    resume: "-",
    cancel: "Failure",
    resubmit: "-",
  },
  Success: { start: "-", succeed: "-", fail: "-", pause: "-", resume: "-", cancel: "-", resubmit: "-" },
  Failure: { start: "-", succeed: "-", fail: "-", pause: "-", resume: "-", cancel: "-", resubmit: "Pending" },
};

const states = ["Pending", "Running", "Success", "Failure", "Paused", "Retry"] as const satisfies JobState[];

describe("states of a job", () => {
  for (const state of states) {
    for (const event of jobEvents) {
      const next = expected[state][event];
      test(`${state} × ${event} → ${next}`, () => {
        expect(nextJobState(state, event)).toBe(next === "-" ? undefined : next);
      });
    }
  }

  test("only Success and Failure are final", () => {
    expect(states.filter(isFinal)).toEqual(["Success", "Failure"]);
  });

  test("a restart puts what was running back into the queue, and nothing else", () => {
    expect(states.map(stateAfterRestart)).toEqual(["Pending", "Pending", "Success", "Failure", "Paused", "Pending"]);
  });
});
