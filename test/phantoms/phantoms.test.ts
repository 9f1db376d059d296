import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { makeLargeInstance } from "./large-instance.ts";
import { modalities, type PhantomModality } from "./modalities.ts";
import { makeImage, makeStudy } from "./study.ts";

const run = promisify(execFile);
const kinds = Object.keys(modalities) as PhantomModality[];

describe("phantoms", () => {
  it("are the same bytes for the same options, and others for another seed", () => {
    const first = makeImage({ seed: 3 }).file;
    expect(makeImage({ seed: 3 }).file.equals(first)).toBe(true);
    expect(makeImage({ seed: 4 }).file.equals(first)).toBe(false);
  });

  it("spread the images over series", () => {
    const uids = [...makeStudy({ instances: 6, perSeries: 3, rows: 16 })].map((phantom) => phantom.uids);
    expect(new Set(uids.map((uid) => uid.StudyInstanceUID)).size).toBe(1);
    expect(new Set(uids.map((uid) => uid.SeriesInstanceUID)).size).toBe(2);
    expect(new Set(uids.map((uid) => uid.SOPInstanceUID)).size).toBe(6);
  });

  it("tell the size of a large instance before it is made", async () => {
    const large = makeLargeInstance(3_000_000);
    let size = 0;
    for await (const chunk of large.stream()) size += chunk.length;
    expect(size).toBe(large.size);
  });

  describe.skipIf(!hasTool("dcmdump"))("read by DCMTK", () => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "greyhaven-phantoms-"));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it.each(kinds)("%s", async (modality) => {
      const { file, uids, pixels } = makeImage({ modality, patientName: "Müller^Jörg" });
      const path = join(folder, `${modality}.dcm`);
      await writeFile(path, file);
      const { stdout, stderr } = await run("dcmdump", ["-q", "+E", path]);
      expect(stderr).toBe("");
      expect(stdout).toContain(`[${uids.SOPInstanceUID}]`);
      expect(stdout).toContain("[Müller^Jörg]");
      expect(stdout).toMatch(new RegExp(`\\(7fe0,0010\\) O[BW] .*# *${pixels.length}, 1 PixelData`));
    });
  });
});
