import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { tagWithComma } from "../../src/dicom/tag.ts";
import { hasTool } from "../debian-tool.ts";
import { sharedData } from "../shared-data.ts";
import { anonymizeFile } from "./anonymize-file.ts";
import { removedValues } from "./removed-values.ts";

const folder = sharedData() ?? "";
const seed = "a seed";

/** One object of each kind, and those with the most in private groups and sequences. */
const files = [
  "objects/dx-mg-cr/dx_image.dcm",
  "objects/encapsulated/encapsulated_cda.dcm",
  "objects/enhanced/6_1.dcm",
  "objects/hanging-protocol/NeurosurgeryPlan.dcm",
  "objects/ko/key_object_selection.dcm",
  "objects/lut-overlay/overlay_plane.dcm",
  "objects/pet/1.dcm",
  "objects/presentation-state/prLUTs.dcm",
  "objects/rt/rtdose_1frame.dcm",
  "objects/rt/rtplan.dcm",
  "objects/rt/rtstruct.dcm",
  "objects/rwv/rwvm.dcm",
  "objects/seg/liver_1frame.dcm",
  "objects/sr/test-SR.dcm",
  "objects/waveform/ecg_12lead_deidentified.dcm",
  "objects/wsi/sm_annotations.dcm",
  "series/rt-dicompyler/rtss.dcm",
  "series/rt-dicompyler/rtplan.dcm",
  "series/ct-seg-dcmqi/segmentations_liver.dcm",
  "private/csa_slice_norm.dcm",
  "private/GH220.dcm",
  "private/UN_sequence.dcm",
  "private/generated/public_as_un.dcm",
  "private/generated/un_defined_length_sequence.dcm",
  "charsets/chrH32.dcm",
  "charsets/generated/nested_item_overrides.dcm",
];

/** Values, and how often the path to each has been seen, by place: `0008,1140[0].0010,0010`. */
type Places = Map<string, Buffer>;

function placesOf(dataset: Dataset, path = "", places: Places = new Map()): Places {
  for (const { tag, value, items } of dataset) {
    const at = path + tagWithComma(tag);
    if (value !== undefined) places.set(at, value);
    for (const [index, item] of (items ?? []).entries()) placesOf(item, `${at}[${index}].`, places);
  }
  return places;
}

/** Wipes out of a file what may hold a removed value by right or by chance: attributes that are as they were, and new UIDs. */
function withoutKept(file: Buffer, before: Places, removed: ReadonlySet<string>): Buffer {
  const wiped = Buffer.from(file);
  const { dataset, meta } = parseDicom(wiped);
  const wipe = (dataset: Dataset, path: string): void => {
    for (const { tag, vr, offset, length, value, items, fragments } of dataset) {
      const at = path + tagWithComma(tag);
      const isKept = value !== undefined && !removed.has(at) && before.get(at)?.equals(value) === true;
      if (isKept || fragments !== undefined || vr === "UI") wiped.fill(0, offset, offset + length);
      for (const [index, item] of (items ?? []).entries()) wipe(item, `${at}[${index}].`);
    }
  };
  wipe(meta, "0002.");
  wipe(dataset, "");
  return wiped;
}

describe.skipIf(folder === "")("an anonymised file", () => {
  it.each(files)("%s has nothing left of what was removed", (path) => {
    const file = readFileSync(join(folder, path));
    const { dataset } = parseDicom(file);
    const removed = [...removedValues(dataset, "2023b")];
    const wiped = withoutKept(anonymizeFile(file, seed), placesOf(dataset), new Set(removed.map(({ path }) => path)));
    const left = removed.filter(({ bytes }) => wiped.includes(bytes));
    expect(left.map(({ path, text }) => `${path} ${text}`)).toEqual([]);
  });

  it("would be found out", () => {
    const file = readFileSync(join(folder, "objects/rt/rtstruct.dcm"));
    const { dataset } = parseDicom(file);
    const removed = [...removedValues(dataset, "2023b")];
    expect(removed.length).toBeGreaterThan(5);
    const wiped = withoutKept(file, placesOf(dataset), new Set(removed.map(({ path }) => path)));
    expect(removed.filter(({ bytes }) => wiped.includes(bytes)).length).toBeGreaterThan(5);
  });
});

/** All UIDs of a dataset, by place. */
function uidsOf(dataset: Dataset): Map<string, string> {
  const found = new Map<string, string>();
  const collect = (dataset: Dataset, path: string): void => {
    for (const { tag, vr, items } of dataset) {
      const at = path + tagWithComma(tag);
      if (vr === "UI") found.set(at, dataset.text(tag) ?? "");
      for (const [index, item] of (items ?? []).entries()) collect(item, `${at}[${index}].`);
    }
  };
  collect(dataset, "");
  return found;
}

describe.skipIf(folder === "")("the UIDs of an anonymised study", () => {
  it.each(["rt-dicompyler", "rt-phantom-rtutils", "ct-seg-dcmqi", "ct-legacy-multiframe-dcmqi"])(
    "%s are the same where they were, and nowhere else",
    (study) => {
      const renamed = new Map<string, string>();
      const references: string[] = [];
      for (const name of readdirSync(join(folder, "series", study))) {
        const file = readFileSync(join(folder, "series", study, name));
        const [before, after] = [parseDicom(file).dataset, parseDicom(anonymizeFile(file, seed)).dataset];
        const now = uidsOf(after);
        for (const [at, uid] of uidsOf(before)) {
          const other = now.get(at);
          if (other === undefined) continue;
          expect(renamed.get(uid) ?? other).toBe(other);
          renamed.set(uid, other);
          if (at.endsWith("0008,1155")) references.push(other);
        }
      }
      // No two became one, and what refers to an instance of the study refers to one still.
      expect(new Set(renamed.values()).size).toBe(renamed.size);
      expect(references.length).toBeGreaterThan(0);
      const kept = [...renamed].filter(([before, after]) => before === after).map(([uid]) => uid);
      expect(kept.every((uid) => uid === "" || uid.startsWith("1.2.840.10008."))).toBe(true);
    },
  );
});

describe.skipIf(folder === "" || !hasTool("dciodvfy"))("dciodvfy", () => {
  let temporary = "";
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "greyhaven-anonymized-"));
  });
  afterAll(() => rm(temporary, { recursive: true }));

  /** What is wrong with a file, whatever the number of the item. */
  async function errorsOf(file: Buffer, name: string): Promise<ReadonlySet<string>> {
    const path = join(temporary, name);
    await writeFile(path, file);
    const verify = promisify(execFile)("dciodvfy", ["-new", path], { maxBuffer: 2 ** 26 });
    const output: unknown = await verify.catch((error: unknown) => error);
    const { stderr } = output as { readonly stderr: string };
    const errors = stderr.split("\n").filter((line) => line.startsWith("Error"));
    return new Set(errors.map((line) => line.replaceAll(/\[\d+\]|= <.*/g, "")));
  }

  // A structure set of 500 contours takes it seconds.
  it.concurrent.each(files.filter((path) => !path.endsWith("rtss.dcm")))(
    "finds nothing in %s that was not wrong before",
    async (path) => {
      const file = readFileSync(join(folder, path));
      const name = path.replaceAll("/", "-");
      const [before, after] = await Promise.all([
        errorsOf(file, name),
        errorsOf(anonymizeFile(file, seed), `${name}-anonymised`),
      ]);
      expect([...after.difference(before)]).toEqual([]);
    },
  );
});
