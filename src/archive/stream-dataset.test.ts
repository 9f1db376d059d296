import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../test/shared-data.ts";
import { buildDataset } from "../dicom/build-dataset.ts";
import { Dataset } from "../dicom/dataset.ts";
import { DicomReader, parseDicom } from "../dicom/parse.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { writeDataset, writeDicom } from "../dicom/write.ts";
import type { ByteRange } from "../storage/storage.ts";
import { asBuffer } from "./received.ts";
import { streamDicom } from "./stream-dataset.ts";

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const deflated = "1.2.840.10008.1.2.1.99";
const bigEndian = "1.2.840.10008.1.2.2";
const rle = "1.2.840.10008.1.2.5";

/** Gives a range in small chunks of odd size. */
async function* readOf(bytes: Buffer, { start, end }: ByteRange): AsyncGenerator<Uint8Array, void, void> {
  for (let at = start; at < end; at += 1001) yield bytes.subarray(at, Math.min(end, at + 1001));
}

async function streamed(file: Buffer, maximumValueLength: number, target: string): Promise<Buffer> {
  const reader = new DicomReader({ maximumValueLength });
  reader.push(Buffer.from(file));
  const { dataset, meta } = reader.end();
  const chunks = await Array.fromAsync(
    streamDicom({ dataset, meta, readValue: (range) => readOf(file, range) }, target),
  );
  return Buffer.concat(chunks);
}

describe("streamDicom", () => {
  it("pads values of odd length that are left in a file as their VR asks", async () => {
    const source = Buffer.from("1.2.3ab");
    const inner = new Dataset([{ tag: 0x00080060, vr: "CS", offset: 6, length: 1 }], true);
    const left = new Dataset(
      [
        { tag: 0x00080018, vr: "UI", offset: 0, length: 5 },
        { tag: 0x00080060, vr: "CS", offset: 5, length: 1 },
        { tag: 0x00081140, vr: "SQ", offset: 0, length: 0, items: [inner] },
      ],
      true,
    );
    const whole = buildDataset([
      { tag: 0x00080018, value: "1.2.3" },
      { tag: 0x00080060, value: "a" },
      { tag: 0x00081140, value: [buildDataset([{ tag: 0x00080060, value: "b" }])] },
    ]);
    const chunks = streamDicom({ dataset: left, readValue: (range) => readOf(source, range) }, explicit);
    const written = Buffer.concat(await Array.fromAsync(chunks));
    expect(written.subarray(parseDicom(written).datasetOffset)).toEqual(
      writeDataset(whole, { transferSyntaxUID: explicit }),
    );
  });

  it("keeps native pixel data of an icon in an encapsulated syntax (PS3.5 §A.4)", async () => {
    const icon = buildDataset([{ tag: 0x7fe00010, vr: "OB", value: Buffer.of(1, 2) }]);
    const dataset = buildDataset([{ tag: 0x00880200, value: [icon] }]);
    const written = streamDicom({ dataset, readValue: (range) => readOf(Buffer.alloc(0), range) }, rle);
    const read = parseDicom(Buffer.concat(await Array.fromAsync(written)));
    expect(read.dataset.items(0x00880200)[0]?.get(0x7fe00010)?.value).toEqual(Buffer.of(1, 2));
  });

  it("refuses a transfer syntax that the standard does not have", () => {
    const dataset = buildDataset([]);
    expect(() => streamDicom({ dataset, readValue: (range) => readOf(Buffer.alloc(0), range) }, "1.2.3")).toThrow(
      "transfer syntax 1.2.3 cannot be written",
    );
  });
});

describe.skipIf(sharedData() === undefined)("files of the corpus", () => {
  const samples = [
    "syntaxes/generated/all_vrs_explicit.dcm",
    "syntaxes/generated/all_vrs_big_endian.dcm",
    "private/generated/two_creators_one_group.dcm",
    "objects/wsi/sm_annotations.dcm",
    "objects/sr/structured_report.dcm",
    "series/rt-dicompyler/rtplan.dcm",
    "syntaxes/nema-wg04/MR1_RLE",
    "malformed/generated/nested_def_50.dcm",
  ];
  it.each(samples)("%s is written as if it had been in memory", async (path) => {
    const file = readFileSync(join(sharedData() ?? "", path));
    const { dataset, meta, transferSyntaxUID } = parseDicom(file);
    const targets =
      transferSyntax(transferSyntaxUID)?.encapsulated === true ? [transferSyntaxUID] : [implicit, explicit, bigEndian];
    for (const target of targets) {
      const expected = writeDicom({ dataset, meta }, { transferSyntaxUID: target });
      for (const left of [64, Infinity]) expect(await streamed(file, left, target)).toEqual(expected);
    }
  });

  it("a deflated file holds the same dataset", async () => {
    const file = readFileSync(join(sharedData() ?? "", "objects/sr/structured_report.dcm"));
    const expected = writeDicom(parseDicom(file), { transferSyntaxUID: explicit });
    const written = await streamed(file, 64, deflated);
    const { datasetOffset } = parseDicom(written);
    expect(inflateRawSync(written.subarray(datasetOffset))).toEqual(
      asBuffer(expected.subarray(parseDicom(expected).datasetOffset)),
    );
    expect(written.length % 2).toBe(0);
  });
});
