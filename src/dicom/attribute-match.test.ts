import { describe, expect, test } from "vitest";
import { attributeMatch } from "./attribute-match.ts";

const PatientName = 0x00100010;
const StudyDate = 0x00080020;
const StudyTime = 0x00080030;
const AcquisitionDateTime = 0x0008002a;
const PatientID = 0x00100020;
const StudyInstanceUID = 0x0020000d;
const InstanceNumber = 0x00200013;

describe("attributeMatch (PS3.4 §C.2.2.2)", () => {
  test.each([
    { tag: PatientName, value: "  ", match: undefined },
    { tag: PatientName, value: "DOE^JOHN ", match: { match: "equal", value: "DOE^JOHN" } },
    { tag: PatientName, value: "DOE*", match: { match: "wildcard", pattern: "DOE*" } },
    { tag: PatientID, value: "1-2", match: { match: "equal", value: "1-2" } },
    { tag: PatientID, value: String.raw`A\B`, match: { match: "list", values: ["A", "B"] } },
    { tag: StudyInstanceUID, value: String.raw`1.2\1.3`, match: { match: "list", values: ["1.2", "1.3"] } },
    { tag: StudyDate, value: "20260101", match: { match: "equal", value: "20260101" } },
    { tag: StudyDate, value: "20260101-20261231", match: { match: "range", from: "20260101", to: "20261231" } },
    { tag: StudyDate, value: "20260101-", match: { match: "range", from: "20260101" } },
    { tag: StudyTime, value: "-1200", match: { match: "range", to: "1200" } },
    { tag: AcquisitionDateTime, value: "2025-2026", match: { match: "range", from: "2025", to: "2026" } },
    { tag: StudyDate, value: "-", match: undefined },
  ])("$value", ({ tag, value, match }) => {
    expect(attributeMatch(tag, value)).toEqual(match);
  });

  test.each([
    { tag: StudyInstanceUID, value: "1.2.*" },
    { tag: StudyDate, value: "2026*" },
    { tag: InstanceNumber, value: "?" },
  ])("$value has wildcards where the VR has none", ({ tag, value }) => {
    expect(() => attributeMatch(tag, value)).toThrow("has wildcards");
  });
});
