import { afterEach, describe, expect, it, vi } from "vitest";
import { attributeText, count, date, moment, personName, size, time, words } from "./format.ts";

describe("personName", () => {
  it.each([
    ["Doe^John^^Dr", "Doe, John, Dr"],
    ["Doe", "Doe"],
    ["Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou"],
    ["=山田^太郎", "山田, 太郎"],
    ["^^^", "(no name)"],
    ["", "(no name)"],
    [undefined, "(no name)"],
  ])("%s is %s", (value, expected) => expect(personName(value)).toBe(expected));
});

describe("date and time", () => {
  it("puts a DICOM date and time into the form of ISO 8601", () => {
    expect([date("20261102"), time("101500"), time("101500.250000")]).toEqual(["2026-11-02", "10:15:00", "10:15:00"]);
  });

  it("leaves what is neither as it is", () => {
    expect([date("2026.11.02"), date("200102?"), date(undefined)]).toEqual(["2026.11.02", "200102?", ""]);
    expect([time("10"), time("noon"), time(undefined)]).toEqual(["10", "noon", ""]);
  });
});

describe("moment", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("tells Orthanc's and ISO's times of UTC in the reader's own", () => {
    vi.stubEnv("TZ", "Asia/Kolkata");
    expect(moment("20261123T085654.033000")).toBe("2026-11-23 14:26:54");
    expect(moment("2026-11-23T20:00:00.452Z")).toBe("2026-11-24 01:30:00");
  });

  it("leaves what is no time as it is", () => expect(moment("not yet")).toBe("not yet"));
});

describe("size", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [526_336, "526 kB"],
    [2_147_483_648, "2.1 GB"],
    [5e16, "50000 TB"],
  ])("%d bytes are %s", (bytes, expected) => expect(size(bytes)).toBe(expected));
});

it("writes keywords as words", () => {
  expect(["StudyInstanceUID", "PatientID", "PatientBirthDate"].map(words)).toEqual([
    "Study Instance UID",
    "Patient ID",
    "Patient Birth Date",
  ]);
});

it("shows attributes in the form that people read", () => {
  expect([
    attributeText("PatientName", "Doe^John"),
    attributeText("ReferringPhysicianName", "House^Gregory"),
    attributeText("InstitutionName", "A^B"),
    attributeText("StudyDate", "20261102"),
    attributeText("StudyTime", "101500"),
    attributeText("StudyDescription", ""),
  ]).toEqual(["Doe, John", "House, Gregory", "A^B", "2026-11-02", "10:15:00", "–"]);
});

it("counts", () => {
  expect([count(0, "file"), count(1, "file"), count(2, "file")]).toEqual(["0 files", "1 file", "2 files"]);
});
