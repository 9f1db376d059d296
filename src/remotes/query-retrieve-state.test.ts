import { describe, expect, it } from "vitest";
import { memoryRemote as remote } from "../../test/scu/memory-network.ts";
import { retrieveContent, retrieveKeys, retrieveScuState } from "./query-retrieve-state.ts";

const PatientID = 0x00100020;
const StudyInstanceUID = 0x0020000d;
const SeriesInstanceUID = 0x0020000e;
const state = { remote, targetAet: "SINK", format: "short", permissive: false } as const;

describe("retrieveScuState", () => {
  it.each([
    { level: "Patient", keys: new Map([[StudyInstanceUID, "1.2"]]) },
    { level: "Study", keys: new Map([[PatientID, "x"]]) },
    { level: "Series", keys: new Map([[SeriesInstanceUID, "1.3"]]) },
    {
      level: "Series",
      keys: new Map([
        [StudyInstanceUID, "1.2"],
        [SeriesInstanceUID, ""],
      ]),
    },
  ] as const)("refuses what does not identify at $level", ({ level, keys }) => {
    expect(() => retrieveScuState({ ...state, level }, [keys])).toThrow(
      expect.objectContaining({ errorName: "BadRequest" }) as Error,
    );
  });

  it("sends only the level and what identifies (PS3.4 §C.4.2.1.4)", () => {
    const keys = new Map([
      [PatientID, "x"],
      [StudyInstanceUID, "1.2"],
      [SeriesInstanceUID, "1.3"],
    ]);
    const { queries } = retrieveScuState({ ...state, level: "Series" }, [keys]);
    expect(retrieveKeys("Series", queries[0] ?? {})).toEqual(
      new Map([
        [0x00080052, "SERIES"],
        [StudyInstanceUID, "1.2"],
        [SeriesInstanceUID, "1.3"],
      ]),
    );
  });
});

describe("retrieveContent", () => {
  it("prints what was asked for, and what came of it", () => {
    const begin = retrieveScuState({ ...state, level: "Study" }, [
      new Map([[StudyInstanceUID, "1.2"]]),
      new Map([[StudyInstanceUID, "1.3"]]),
    ]);
    const details = [{ status: 0, instances: ["abc"] }];
    expect(retrieveContent({ ...begin, position: 1, details })).toEqual({
      Description: "REST API",
      LocalAet: "GREYHAVEN",
      RemoteAet: "PEER",
      TargetAet: "SINK",
      Query: [
        { "0020,000d": "1.2", "0008,0052": "STUDY" },
        { "0020,000d": "1.3", "0008,0052": "STUDY" },
      ],
      Details: [
        { DimseErrorStatus: 0, Query: { "0020,000d": "1.2", "0008,0052": "STUDY" }, ReceivedInstancesIds: ["abc"] },
      ],
    });
  });
});
