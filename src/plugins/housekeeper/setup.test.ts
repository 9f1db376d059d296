import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";
import { neededWork, setupAfter, type Setup, unknownSetup } from "./setup.ts";

const settingsOf = (section: object) => readSettings({ section: () => section });

const changed: Setup = {
  MainDicomTagsSignature: { Study: "0020,000d" },
  StorageCompressionEnabled: true,
  IngestTranscoding: "1.2.840.10008.1.2.5",
  DicomWebVersion: "1",
};

describe("the work of the housekeeper", () => {
  it.each([
    ["MainDicomTagsChange", { MainDicomTagsSignature: changed.MainDicomTagsSignature }, { tags: true }],
    ["StorageCompressionChange", { StorageCompressionEnabled: true }, { files: true }],
    ["IngestTranscodingChange", { IngestTranscoding: changed.IngestTranscoding }, { files: true }],
    ["DicomWebCacheChange", { DicomWebVersion: "1" }, { cache: true }],
  ])("%s is its trigger, and can be switched off", (trigger, change, work) => {
    const nothing = { tags: false, files: false, cache: false };
    const now = { ...unknownSetup, ...change };
    expect(neededWork([unknownSetup], now, settingsOf({}))).toEqual({ ...nothing, ...work });
    const without = settingsOf({ Triggers: { [trigger]: false } });
    expect(neededWork([unknownSetup], now, without)).toEqual(nothing);
    expect(setupAfter(unknownSetup, now, without)).toEqual(unknownSetup);
    expect(setupAfter(unknownSetup, now, settingsOf({}))).toEqual(now);
  });

  it("mends what a run that did not end has changed", () => {
    expect(neededWork([unknownSetup, changed], unknownSetup, settingsOf({}))).toEqual({
      tags: true,
      files: true,
      cache: false,
    });
  });

  it("rewrites files when tags are read again, if it shall always do so", () => {
    const now = { ...unknownSetup, MainDicomTagsSignature: changed.MainDicomTagsSignature };
    const work = neededWork([unknownSetup], now, settingsOf({ ForceReconstructFiles: true }));
    expect(work).toEqual({ tags: true, files: true, cache: false });
    expect(neededWork([now], now, settingsOf({ ForceReconstructFiles: true })).files).toBe(false);
  });
});
