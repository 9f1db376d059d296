import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../../test/debian-tool.ts";
import { sharedData } from "../../test/shared-data.ts";
import { buildDataset } from "./build-dataset.ts";
import { Dataset } from "./dataset.ts";
import { toJsonModel } from "./json-model.ts";
import { parseDicom } from "./parse.ts";
import { transferSyntax } from "./transfer-syntaxes.ts";
import { writeDataset, writeDicom } from "./write.ts";

const run = promisify(execFile);
const explicit = "1.2.840.10008.1.2.1";
const rle = "1.2.840.10008.1.2.5";
const native = ["1.2.840.10008.1.2", explicit, "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"];

const example = buildDataset([
  { tag: 0x00080016, value: "1.2.840.10008.5.1.4.1.1.7" },
  { tag: 0x00080018, value: "1.2.3" },
  { tag: 0x00080060, value: "OT" },
  { tag: 0x00081140, value: [buildDataset([{ tag: 0x00081155, value: "1.2" }])] },
  { tag: 0x00280010, value: 2 },
  { tag: 0x7fe00010, vr: "OW", value: Buffer.of(1, 2, 3, 4) },
]);

describe("writeDataset", () => {
  it("writes each encoding as PS3.5 §7.1 has it", () => {
    const rows = buildDataset([
      { tag: 0x00280010, value: 258 },
      { tag: 0x00420011, value: Buffer.of(1, 2) },
    ]);
    const bytes = native
      .slice(0, 3)
      .map((transferSyntaxUID) => writeDataset(rows, { transferSyntaxUID }).toString("hex"));
    expect(bytes).toEqual([
      "2800100002000000020142001100020000000102",
      "28001000555302000201420011004f420000020000000102",
      "00280010555300020102004200114f420000000000020102",
    ]);
  });

  it("writes a text that is too long for its VR as UN", () => {
    const long = buildDataset([{ tag: 0x00100020, value: "x".repeat(70_000) }]);
    expect(writeDataset(long, { transferSyntaxUID: explicit }).subarray(0, 12).toString("hex")).toBe(
      "10002000554e000070110100",
    );
  });

  it("refuses what it cannot write", () => {
    expect(() => writeDataset(example, { transferSyntaxUID: "1.2.3" })).toThrow(
      "transfer syntax 1.2.3 cannot be written",
    );
    expect(() => writeDataset(example, { transferSyntaxUID: rle })).toThrow("needs encapsulated pixel data");
    const left = new Dataset([{ tag: 0x7fe00010, vr: "OW", offset: 1000, length: 4 }], true);
    expect(() => writeDataset(left, { transferSyntaxUID: explicit })).toThrow("its value was left in the file");
    const fragment = { offset: 0, length: 2, value: Buffer.of(1, 2) };
    const fragments = new Dataset([{ tag: 0x7fe00010, vr: "OB", offset: 0, length: 2, fragments: [fragment] }], true);
    expect(() => writeDataset(fragments, { transferSyntaxUID: explicit })).toThrow("no encapsulated pixel data");
  });
});

describe("writeDicom", () => {
  it("writes the file meta information anew and keeps what else was in it", () => {
    const meta = buildDataset([
      { tag: 0x00020000, value: 5 },
      { tag: 0x00020010, value: "1.2" },
      { tag: 0x00020016, value: "SENDER" },
    ]);
    const file = writeDicom({ dataset: example, meta }, { transferSyntaxUID: explicit });
    const read = parseDicom(file);
    expect(read.meta.text(0x00020002)).toBe("1.2.840.10008.5.1.4.1.1.7");
    expect(read.meta.text(0x00020003)).toBe("1.2.3");
    expect(read.meta.text(0x00020016)).toBe("SENDER");
    expect(read.meta.number(0x00020000)).toBe(read.datasetOffset - 144);
    expect(read.transferSyntaxUID).toBe(explicit);
  });

  it("writes fragments as they are", () => {
    const fragments = [0, 2, 4].map((length) => ({ offset: 0, length, value: Buffer.alloc(length, 7) }));
    const dataset = new Dataset([{ tag: 0x7fe00010, vr: "OB", offset: 0, length: 6, fragments }], true);
    const read = parseDicom(writeDicom({ dataset }, { transferSyntaxUID: rle })).dataset;
    expect(read.get(0x7fe00010)?.fragments?.map(({ value }) => value)).toEqual(fragments.map(({ value }) => value));
  });
});

describe.skipIf(sharedData() === undefined)("files of the corpus", () => {
  const folder = sharedData() ?? "";
  const samples = [
    "charsets/chrH32.dcm",
    "charsets/generated/nested_item_overrides.dcm",
    "syntaxes/generated/all_vrs_explicit.dcm",
    "syntaxes/generated/all_vrs_big_endian.dcm",
    "private/generated/two_creators_one_group.dcm",
    "objects/wsi/sm_annotations.dcm",
    "objects/sr/structured_report.dcm",
    "series/rt-dicompyler/rtplan.dcm",
    "syntaxes/nema-wg04/MR1_RLE",
    "syntaxes/nema-wg04/CT1_JLSL",
    "malformed/generated/nested_def_50.dcm",
  ];
  let temporary = "";
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "greyhaven-write-"));
  });
  afterAll(() => rm(temporary, { recursive: true }));

  // Not in implicit VR, which loses the VRs that no dictionary has.
  it.each(samples)("%s is read back the same, by DCMTK too", async (path) => {
    const { dataset, meta, transferSyntaxUID } = parseDicom(readFileSync(join(folder, path)));
    const targets = transferSyntax(transferSyntaxUID)?.encapsulated === true ? [transferSyntaxUID] : native.slice(1);
    for (const target of targets) {
      const written = writeDicom({ dataset, meta }, { transferSyntaxUID: target });
      expect(toJsonModel(parseDicom(written).dataset)).toEqual(toJsonModel(dataset));
      if (!hasTool("dcmdump")) continue;
      const file = join(temporary, "written.dcm");
      await writeFile(file, written);
      const { stdout, stderr } = await run("dcmdump", ["-q", "+fo", file], { maxBuffer: 2 ** 26 });
      expect(stderr).toBe("");
      expect(stdout).toContain("# Dicom-Data-Set");
    }
  });
});
