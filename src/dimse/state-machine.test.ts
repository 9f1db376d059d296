import { describe, expect, it } from "vitest";
import { actionOf, step, type Action, type State, type UpperLayerEvent } from "./state-machine.ts";

/**
 * PS3.8 Table 9-10, written down again by action: the states (columns) in which each event has it. What is not here is an
 * empty cell.
 */
const table910: Readonly<Record<string, Readonly<Partial<Record<Action, readonly number[]>>>>> = {
  Evt1: { "AE-1": [1] },
  Evt2: { "AE-2": [4] },
  Evt3: { "AA-1": [2], "AE-3": [5], "AA-8": [3, 6, 7, 8, 9, 10, 11, 12], "AA-6": [13] },
  Evt4: { "AA-1": [2], "AE-4": [5], "AA-8": [3, 6, 7, 8, 9, 10, 11, 12], "AA-6": [13] },
  Evt5: { "AE-5": [1] },
  Evt6: { "AE-6": [2], "AA-8": [3, 5, 6, 7, 8, 9, 10, 11, 12], "AA-7": [13] },
  Evt7: { "AE-7": [3] },
  Evt8: { "AE-8": [3] },
  Evt9: { "DT-1": [6], "AR-7": [8] },
  Evt10: { "AA-1": [2], "DT-2": [6], "AR-6": [7], "AA-8": [3, 5, 8, 9, 10, 11, 12], "AA-6": [13] },
  Evt11: { "AR-1": [6] },
  Evt12: { "AA-1": [2], "AR-2": [6], "AR-8": [7], "AA-8": [3, 5, 8, 9, 10, 11, 12], "AA-6": [13] },
  Evt13: { "AA-1": [2], "AR-3": [7, 11], "AR-10": [10], "AA-8": [3, 5, 6, 8, 9, 12], "AA-6": [13] },
  Evt14: { "AR-4": [8, 12], "AR-9": [9] },
  Evt15: { "AA-1": [3, 5, 6, 7, 8, 9, 10, 11, 12], "AA-2": [4] },
  Evt16: { "AA-2": [2, 13], "AA-3": [3, 5, 6, 7, 8, 9, 10, 11, 12] },
  Evt17: { "AA-5": [2], "AA-4": [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "AR-5": [13] },
  Evt18: { "AA-2": [2, 13] },
  Evt19: { "AA-1": [2], "AA-8": [3, 5, 6, 7, 8, 9, 10, 11, 12], "AA-7": [13] },
};

/** The next states of PS3.8 Tables 9-6 to 9-9: by itself, or [requestor or acceptable, else]. */
const nextStates: Readonly<Record<Action, number | readonly [number, number]>> = {
  "AE-1": 4,
  "AE-2": 5,
  "AE-3": 6,
  "AE-4": 1,
  "AE-5": 2,
  "AE-6": [3, 13],
  "AE-7": 6,
  "AE-8": 13,
  "DT-1": 6,
  "DT-2": 6,
  "AR-1": 7,
  "AR-2": 8,
  "AR-3": 1,
  "AR-4": 13,
  "AR-5": 1,
  "AR-6": 7,
  "AR-7": 8,
  "AR-8": [9, 10],
  "AR-9": 11,
  "AR-10": 12,
  "AA-1": 13,
  "AA-2": 1,
  "AA-3": 1,
  "AA-4": 1,
  "AA-5": 1,
  "AA-6": 13,
  "AA-7": 13,
  "AA-8": 13,
};

const events = Array.from({ length: 19 }, (_, index) => `Evt${index + 1}` as UpperLayerEvent);
const states = Array.from({ length: 13 }, (_, index) => `Sta${index + 1}` as State);
const cells = events.flatMap((event) => states.map((state, index) => ({ event, state, column: index + 1 })));

function expectedAction(event: string, column: number): string | undefined {
  return Object.entries(table910[event] ?? {}).find(([, columns]) => columns.includes(column))?.[0];
}

describe("the upper layer state machine (PS3.8 §9.2)", () => {
  it("has the 13 × 19 cells of Table 9-10", () => {
    expect(cells).toHaveLength(13 * 19);
  });

  it.each(cells)("$event in $state", ({ event, state, column }) => {
    const action = expectedAction(event, column);
    expect(actionOf(state, event)).toBe(action);
    const outcomes = [true, false].map(
      (condition) => step(state, event, { requestor: condition, acceptable: condition })?.next,
    );
    const next = action === undefined ? undefined : nextStates[action as Action];
    const [yes, no] = typeof next === "object" ? next : [next, next];
    expect(outcomes).toEqual([yes && `Sta${yes}`, no && `Sta${no}`]);
  });

  const either = { requestor: true, acceptable: true };
  it.each([
    ["Sta1", "Evt1", ["open connection"]],
    ["Sta4", "Evt2", ["send A-ASSOCIATE-RQ"]],
    ["Sta5", "Evt3", ["confirm A-ASSOCIATE"]],
    ["Sta5", "Evt4", ["close connection", "confirm A-ASSOCIATE"]],
    ["Sta1", "Evt5", ["accept connection", "start ARTIM"]],
    ["Sta2", "Evt6", ["stop ARTIM", "indicate A-ASSOCIATE"]],
    ["Sta3", "Evt7", ["send A-ASSOCIATE-AC"]],
    ["Sta3", "Evt8", ["send A-ASSOCIATE-RJ", "start ARTIM"]],
    ["Sta6", "Evt9", ["send P-DATA-TF"]],
    ["Sta6", "Evt10", ["indicate P-DATA"]],
    ["Sta6", "Evt11", ["send A-RELEASE-RQ"]],
    ["Sta6", "Evt12", ["indicate A-RELEASE"]],
    ["Sta7", "Evt13", ["close connection", "confirm A-RELEASE"]],
    ["Sta8", "Evt14", ["send A-RELEASE-RP", "start ARTIM"]],
    ["Sta9", "Evt14", ["send A-RELEASE-RP"]],
    ["Sta10", "Evt13", ["confirm A-RELEASE"]],
    ["Sta13", "Evt17", ["stop ARTIM"]],
    ["Sta6", "Evt15", ["send A-ABORT of service-user", "start ARTIM"]],
    ["Sta2", "Evt18", ["stop ARTIM", "close connection"]],
    ["Sta6", "Evt16", ["close connection", "indicate A-ABORT"]],
    ["Sta6", "Evt17", ["indicate A-P-ABORT"]],
    ["Sta2", "Evt17", ["stop ARTIM"]],
    ["Sta13", "Evt10", []],
    ["Sta13", "Evt6", ["send A-ABORT of service-provider"]],
    ["Sta6", "Evt19", ["send A-ABORT of service-provider", "start ARTIM", "indicate A-P-ABORT"]],
  ] as const)("in %s, %s does %j (Tables 9-6 to 9-9)", (state, event, effects) => {
    expect(step(state, event, either)?.effects).toEqual(effects);
  });

  it("rejects by itself what the service-provider cannot accept (AE-6)", () => {
    expect(step("Sta2", "Evt6", { requestor: false, acceptable: false })?.effects).toEqual([
      "stop ARTIM",
      "send A-ASSOCIATE-RJ",
      "start ARTIM",
    ]);
  });
});
