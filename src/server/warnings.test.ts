import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../config/load.ts";
import { createCodecPool } from "../pixels/codec-pool.ts";
import { noLog } from "../util/log.ts";
import { createWarn, warnOfFailures } from "./warnings.ts";

const { configuration } = await loadConfiguration([], {});

function warnWith(switches: Partial<typeof configuration.Warnings> = {}) {
  const told: string[] = [];
  const log = { ...noLog, warn: (text: string) => void told.push(text) };
  return { told, warn: createWarn({ Warnings: { ...configuration.Warnings, ...switches } }, log) };
}

describe("warnings", () => {
  it("are logged once each, by their number", () => {
    const { told, warn } = warnWith();
    for (const text of ["a", "b", "a"]) warn("W001_TagsBeingReadFromStorage", text);
    warn("W002_InconsistentDicomTagsInDb", "c");
    expect(told).toEqual(["W001: a", "W001: b", "W002: c"]);
  });

  it("can be switched off one by one", () => {
    const { told, warn } = warnWith({ W001_TagsBeingReadFromStorage: false });
    warn("W001_TagsBeingReadFromStorage", "a");
    warn("W007_MissingRequestedTagsNotReadFromDisk", "b");
    expect(told).toEqual(["W007: b"]);
  });

  it("tell of frames that cannot be decoded", async () => {
    await using pool = { ...createCodecPool(), [Symbol.asyncDispose]: () => pool.close() };
    const { told, warn } = warnWith();
    const shape = {
      rows: 2,
      columns: 2,
      samplesPerPixel: 1,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      signed: false,
      float: false,
      planarConfiguration: 0,
      photometricInterpretation: "MONOCHROME2",
    } as const;
    const task = {
      bytes: Buffer.from("no JPEG"),
      shape,
      encodedIn: "1.2.840.10008.1.2.4.50",
      target: { kind: "decoded" },
    } as const;
    await expect(warnOfFailures(pool, warn).run(task)).rejects.toThrow();
    expect(told).toEqual([expect.stringContaining("W003: a frame in 1.2.840.10008.1.2.4.50 is not shown: ")]);
  });
});
