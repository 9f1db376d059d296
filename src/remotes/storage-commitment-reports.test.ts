import { describe, expect, test } from "vitest";
import { createStorageCommitmentReports } from "./storage-commitment-reports.ts";

const instance = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "1.2.3" };
const result = { success: [instance], failures: [{ ...instance, FailureReason: 0x0112 }] };

describe("storage commitment reports", () => {
  test("are pending until the answer comes", () => {
    const reports = createStorageCommitmentReports(10);
    reports.begin("2.25.1", "REMOTE");
    expect(reports.get("2.25.1")).toEqual({ remoteAet: "REMOTE", result: undefined });
    expect(reports.complete("2.25.1", "REMOTE", result)).toBe(true);
    expect(reports.get("2.25.1")).toEqual({ remoteAet: "REMOTE", result });
  });

  test("come from whom was asked only", () => {
    const reports = createStorageCommitmentReports(10);
    reports.begin("2.25.1", "REMOTE");
    expect(reports.complete("2.25.1", "OTHER", result)).toBe(false);
    expect(reports.complete("2.25.9", "REMOTE", result)).toBe(false);
    expect(reports.get("2.25.1")?.result).toBeUndefined();
  });

  test("that were not looked at for longest go first", () => {
    const reports = createStorageCommitmentReports(2);
    reports.begin("2.25.1", "REMOTE");
    reports.begin("2.25.2", "REMOTE");
    reports.get("2.25.1");
    reports.begin("2.25.3", "REMOTE");
    expect(reports.get("2.25.2")).toBeUndefined();
    expect(reports.delete("2.25.1")).toBe(true);
    expect(reports.delete("2.25.1")).toBe(false);
  });
});
