import { describe, expect, it } from "vitest";
import type { InstanceUids } from "../archive/archive.ts";
import { stowDataset, type StowItem, stowStatus } from "./stow-result.ts";

const uids = (instance: string): InstanceUids => ({
  PatientID: "p",
  StudyInstanceUID: "1.1",
  SeriesInstanceUID: "1.2",
  SOPInstanceUID: instance,
  SOPClassUID: "1.9",
});

const stored: StowItem = { stored: true, uids: uids("1.3") };
const unreadable: StowItem = { stored: false, reason: "cannotUnderstand", wrongStudy: false, uids: undefined };
const wrongStudy: StowItem = { stored: false, reason: "processingFailure", wrongStudy: true, uids: uids("1.4") };
const full: StowItem = { stored: false, reason: "outOfResources", wrongStudy: false, uids: uids("1.5") };

describe("stowStatus", () => {
  it.each([
    [[stored], 200],
    [[stored, full], 202],
    [[full], 400],
    [[stored, wrongStudy], 409],
    [[wrongStudy], 409],
    [[stored, wrongStudy, unreadable], 400],
  ])("%#", (items, status) => {
    expect(stowStatus(items)).toBe(status);
  });
});

describe("stowDataset (PS3.18 Table 10.5.3-1)", () => {
  it("refers to what is stored", () => {
    expect(stowDataset([stored], "http://h/d/")).toEqual({
      "00081190": { vr: "UR", Value: ["http://h/d/studies/1.1"] },
      "00081199": {
        vr: "SQ",
        Value: [
          {
            "00081150": { vr: "UI", Value: ["1.9"] },
            "00081155": { vr: "UI", Value: ["1.3"] },
            "00081190": { vr: "UR", Value: ["http://h/d/studies/1.1/series/1.2/instances/1.3"] },
          },
        ],
      },
    });
  });

  it("says why the others are not", () => {
    expect(stowDataset([unreadable, full], "http://h/")).toEqual({
      "00081199": { vr: "SQ" },
      "00081198": {
        vr: "SQ",
        Value: [
          { "00081197": { vr: "US", Value: [0xc000] } },
          {
            "00081150": { vr: "UI", Value: ["1.9"] },
            "00081155": { vr: "UI", Value: ["1.5"] },
            "00081197": { vr: "US", Value: [0xa700] },
          },
        ],
      },
    });
  });
});
