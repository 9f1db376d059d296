import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differences, isQuirk, parseTruth } from "../../test/corpus/truth.ts";
import { sharedData } from "../../test/shared-data.ts";
import { buildDataset } from "./build-dataset.ts";
import { toJsonModel } from "./json-model.ts";
import { parseDicom } from "./parse.ts";

const example = buildDataset([
  { tag: 0x00080005, value: "ISO_IR 100" },
  { tag: 0x00100010, value: "Müller^Jörg=山" },
  { tag: 0x00100020, value: "" },
  { tag: 0x00180050, value: ["1.50", "", "1,5", "2e3"] },
  { tag: 0x00200013, value: ["7", "1.0", "99999999999"] },
  { tag: 0x00280009, value: ["00181063"] },
  {
    tag: 0x00081140,
    value: [
      buildDataset([
        { tag: 0x00081155, value: "1.2" },
        { tag: 0x00420011, value: Buffer.of(1, 2) },
      ]),
    ],
  },
  { tag: 0x00081115, value: [] },
  { tag: 0x00189073, value: [0.1, Infinity] },
  { tag: 0x7fe00010, vr: "OW", value: Buffer.of(1, 2, 3, 4) },
]);

describe("toJsonModel", () => {
  it("follows PS3.18 Annex F", () => {
    expect(toJsonModel(example)).toEqual({
      "00080005": { vr: "CS", Value: ["ISO_IR 100"] },
      "00081115": { vr: "SQ" },
      "00081140": {
        vr: "SQ",
        Value: [{ "00081155": { vr: "UI", Value: ["1.2"] }, "00420011": { vr: "OB", InlineBinary: "AQI=" } }],
      },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Müller^Jörg", Ideographic: "?" }] },
      "00100020": { vr: "LO" },
      "00180050": { vr: "DS", Value: [1.5, null, "1,5", 2000] },
      "00189073": { vr: "FD", Value: [0.1, "Infinity"] },
      "00200013": { vr: "IS", Value: [7, "1.0", "99999999999"] },
      "00280009": { vr: "AT", Value: ["00181063"] },
      "7FE00010": { vr: "OW", InlineBinary: "AQIDBA==" },
    });
  });

  it("gives bytes by reference, with the path of nested ones", () => {
    const model = toJsonModel(example, { bulkDataUri: (path) => `http://host/bulk/${path}` });
    expect(model["7FE00010"]).toEqual({ vr: "OW", BulkDataURI: "http://host/bulk/7fe00010" });
    expect(JSON.stringify(model["00081140"])).toContain('"BulkDataURI":"http://host/bulk/00081140/1/00420011"');
  });

  it("gives bytes as numbers when asked to", () => {
    expect(toJsonModel(example, { numbersForBytes: true })["7FE00010"]).toEqual({ vr: "OW", Value: [0x0201, 0x0403] });
  });

  it("declares UTF-8 when asked to", () => {
    expect(toJsonModel(example, { declareUtf8: true })["00080005"]?.Value).toEqual(["ISO_IR 192"]);
  });

  it("gives the bytes of big-endian data in little endian", () => {
    const bigEndian = buildDataset([{ tag: 0x7fe00010, vr: "OW", value: Buffer.of(1, 2, 3, 4) }], {
      littleEndian: false,
    });
    expect(toJsonModel(bigEndian)["7FE00010"]?.InlineBinary).toBe("AgEEAw==");
  });

  it("leaves out group lengths and the file meta information", () => {
    const dataset = buildDataset([
      { tag: 0x00020010, value: "1.2" },
      { tag: 0x00080000, value: 4 },
      { tag: 0x00080060, value: "CT" },
    ]);
    expect(Object.keys(toJsonModel(dataset))).toEqual(["00080060"]);
  });
});

interface ManifestEntry {
  readonly path: string;
  readonly expected: "parse" | "reject";
  readonly ambiguous?: boolean;
  readonly truth?: { readonly path: string; readonly tool: string };
}

describe.skipIf(sharedData() === undefined)("the truth of the corpus", () => {
  const folder = sharedData() ?? "";
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { files: ManifestEntry[] };
  const known = manifest.files.filter(({ truth, expected, ambiguous }) => {
    return truth !== undefined && expected === "parse" && ambiguous !== true;
  });

  it("is what toJsonModel gives", { timeout: 60_000 }, () => {
    const wrong = known.flatMap(({ path, truth }) => {
      const { dataset } = parseDicom(readFileSync(join(folder, path)));
      const expected = parseTruth(readFileSync(join(folder, truth?.path ?? ""), "utf8"));
      // pydicom reads UN by its dictionary, and gives encapsulated pixel data as it stands in the file.
      const isOther = (tag: string): boolean =>
        truth?.tool.startsWith("pydicom") === true &&
        (tag === "7FE00010" || dataset.get(Number.parseInt(tag, 16))?.vr === "UN");
      return differences(expected, toJsonModel(dataset), "")
        .filter((tag) => !isOther(tag) && !isQuirk(path, tag))
        .map((tag) => `${path} ${tag}`);
    });
    expect(wrong).toEqual([]);
    expect(known.length).toBeGreaterThan(1000);
  });
});
