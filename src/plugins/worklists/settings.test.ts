import { describe, expect, it } from "vitest";
import { isEnabled, readSettings } from "./settings.ts";

const read = (section: object, others: Readonly<Record<string, unknown>> = {}) =>
  readSettings({ section: (name) => (name === "Worklists" ? section : others[name]) });

describe("section Worklists", () => {
  it("is enabled on demand", () => {
    const sections = [undefined, {}, { Enable: false }, { Enable: true }];
    expect(sections.map((section) => isEnabled({ section: () => section }))).toEqual([false, false, false, true]);
  });

  it("has Orthanc's defaults", () => {
    expect(read({ Directory: "/wl" })).toEqual({
      folder: "/wl",
      filterIssuerAet: false,
      limitAnswers: 0,
      setStudyInstanceUidIfMissing: true,
      deleteOnStableStudy: true,
      deleteAfter: 0,
      housekeepingInterval: 60_000,
      logMatches: false,
      caseSensitivePersonNames: false,
    });
  });

  it("knows the former name of the folder", () => {
    expect(read({ Database: "/old" }).folder).toBe("/old");
    expect(read({ Database: "/old", Directory: "/new" }).folder).toBe("/new");
    expect(read({ SaveInOrthancDatabase: true, Directory: "" }).folder).toBeUndefined();
  });

  it("has times in hours and seconds", () => {
    const settings = read({ SaveInOrthancDatabase: true, DeleteWorklistsDelay: 24, HousekeepingInterval: 0 });
    expect([settings.deleteAfter, settings.housekeepingInterval]).toEqual([86_400_000, 1000]);
  });

  it("heeds CaseSensitivePN", () => {
    expect(read({ Directory: "/wl" }, { CaseSensitivePN: true }).caseSensitivePersonNames).toBe(true);
  });

  it.each([
    [{}, 'either "Directory" or "SaveInOrthancDatabase"'],
    [{ Directory: "/wl", SaveInOrthancDatabase: true }, 'either "Directory" or "SaveInOrthancDatabase"'],
    [{ Directory: "/wl", DeleteWorklistsDelay: 1 }, '"DeleteWorklistsDelay" needs'],
  ])("refuses %j", (section, details) => {
    expect(() => read(section)).toThrow(
      expect.objectContaining({ errorName: "IncompatibleConfigurations", details: expect.stringContaining(details) }),
    );
  });
});
