import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dataset, elementHeader, fileHeader, type Elements } from "../../test/phantoms/explicit-writer.ts";
import type { Dataset } from "./dataset.ts";
import { DicomReader, parseDicom, type ParsedDicom, type ParseOptions } from "./parse.ts";

const hex = (...parts: string[]): Buffer => Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");
const implicit = "1.2.840.10008.1.2";
const bigEndian = "1.2.840.10008.1.2.2";
const deflated = "1.2.840.10008.1.2.1.99";

function file(elements: Elements | Buffer, transferSyntaxUID?: string): Buffer {
  const body = Buffer.isBuffer(elements) ? elements : dataset(elements);
  return Buffer.concat([fileHeader("1.2", "1.2.3", transferSyntaxUID), body]);
}

function inPieces(bytes: Buffer, size: number, options?: ParseOptions): ParsedDicom {
  const reader = new DicomReader(options);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

/** Tags, values and nesting, for comparison. */
function outline(elements: Dataset): unknown[] {
  return [...elements].map(({ tag, vr, offset, length, value, items, fragments }) => ({
    tag,
    vr,
    offset,
    length,
    value: value?.toString("hex"),
    items: items?.map(outline),
    fragments: fragments?.map((fragment) => fragment.value?.toString("hex")),
  }));
}

const sequences: Elements = [
  [0x00080005, "CS", "ISO_IR 192"],
  [
    0x00081140,
    "SQ",
    [
      [[0x00081155, "UI", "1.2"]],
      [
        [0x00081155, "UI", "1.3"],
        [0x00400275, "SQ", [[]]],
      ],
    ],
  ],
  [0x00100010, "PN", "A^B"],
  [0x00280010, "US", 512],
];

describe("parseDicom", () => {
  it("reads explicit VR little endian", () => {
    const { meta, dataset, transferSyntaxUID, datasetOffset, pixelDataOffset } = parseDicom(file(sequences));
    expect(transferSyntaxUID).toBe("1.2.840.10008.1.2.1");
    expect(meta.text(0x00020003)).toBe("1.2.3");
    expect(dataset.text(0x00100010)).toBe("A^B");
    expect(dataset.number(0x00280010)).toBe(512);
    expect(dataset.items(0x00081140).map((item) => item.text(0x00081155))).toEqual(["1.2", "1.3"]);
    expect(dataset.items(0x00081140)[1]?.items(0x00400275)).toHaveLength(1);
    expect(datasetOffset).toBe(fileHeader("1.2", "1.2.3").length);
    expect(pixelDataOffset).toBeUndefined();
  });

  it("reads implicit VR, with sequences of defined and undefined length, by the dictionary", () => {
    const body = hex(
      "0800 4011 12000000  feff00e0 0a000000  08005511 02000000 3100",
      "0800 2111 ffffffff  feff00e0 ffffffff  08005511 02000000 3200  feff0de0 00000000  feffdde0 00000000",
      "2800 1000 02000000 0002",
    );
    const { dataset } = parseDicom(file(body, implicit));
    expect(dataset.items(0x00081140)[0]?.text(0x00081155)).toBe("1");
    expect(dataset.items(0x00081121)[0]?.text(0x00081155)).toBe("2");
    expect(dataset.number(0x00280010)).toBe(512);
  });

  it("takes signed pixels' VR from PixelRepresentation in implicit VR", () => {
    const value = "2800 0601 02000000 feff";
    expect(parseDicom(file(hex("2800 0301 02000000 0100", value), implicit)).dataset.numbers(0x00280106)).toEqual([-2]);
    expect(parseDicom(file(hex("2800 0301 02000000 0000", value), implicit)).dataset.numbers(0x00280106)).toEqual([
      65534,
    ]);
  });

  it("reads explicit VR big endian", () => {
    const body = hex("0028 0010 5553 0002 0200", "0028 0101 5553 0002 0010", "7fe0 0010 4f57 0000 00000002 0102");
    const parsed = parseDicom(file(body, bigEndian));
    expect(parsed.dataset.littleEndian).toBe(false);
    expect(parsed.dataset.number(0x00280010)).toBe(512);
    expect(parsed.pixelDataVR).toBe("OW");
  });

  it("reads deflated datasets, whose offsets are those of the inflated bytes", () => {
    const parsed = parseDicom(file(deflateRawSync(dataset(sequences)), deflated));
    expect(outline(parsed.dataset)).toEqual(
      outline(parseDicom(file(sequences)).dataset).map((element) => ({
        ...(element as object),
        offset: (element as { offset: number }).offset - fileHeader("1.2", "1.2.3").length,
        items: (element as { items?: unknown }).items === undefined ? undefined : expect.anything(),
      })),
    );
    expect(parsed.datasetOffset).toBe(fileHeader("1.2", "1.2.3", deflated).length);
  });

  it("reads fragments", () => {
    const body = hex(
      "e07f1000 4f420000 ffffffff  feff00e0 00000000  feff00e0 02000000 0102  feff00e0 04000000 03040506  feffdde0 00000000",
    );
    const { dataset, pixelDataOffset, datasetOffset } = parseDicom(file(body, "1.2.840.10008.1.2.5"));
    expect(dataset.get(0x7fe00010)?.fragments?.map(({ value }) => value?.toString("hex"))).toEqual([
      "",
      "0102",
      "03040506",
    ]);
    expect(pixelDataOffset).toBe(datasetOffset);
  });

  it("reads UN of undefined length as implicit VR (PS3.5 §6.2.2)", () => {
    const body = hex(
      "08004011 554e0000 ffffffff  feff00e0 ffffffff  08005511 02000000 3100  feff0de0 00000000  feffdde0 00000000",
    );
    expect(parseDicom(file(body)).dataset.items(0x00081140)[0]?.text(0x00081155)).toBe("1");
  });

  it("stops at the pixel data of the dataset, not of an icon", () => {
    const icon = [0x00880200, "SQ", [[[0x7fe00010, "OB", Buffer.of(1, 2)]]]] as const;
    const bytes = file([icon, [0x7fe00010, "OW", Buffer.of(1, 2)], [0xfffcfffc, "OB", Buffer.of(0, 0)]]);
    const { dataset: header, pixelDataOffset, pixelDataVR } = parseDicom(bytes, { stopAtPixelData: true });
    expect([...header].map(({ tag }) => tag)).toEqual([0x00880200]);
    expect(bytes.readUInt32LE(pixelDataOffset ?? 0)).toBe(0x00107fe0);
    expect(pixelDataVR).toBe("OW");
  });

  it("sorts elements, and of two with one tag keeps the first", () => {
    const { dataset: sorted } = parseDicom(
      file([
        [0x00100020, "LO", "1"],
        [0x00080060, "CS", "CT"],
        [0x00100020, "LO", "2"],
      ]),
    );
    expect([...sorted].map(({ tag }) => tag)).toEqual([0x00080060, 0x00100020]);
    expect(sorted.text(0x00100020)).toBe("1");
  });
});

describe("files that are not as they should be", () => {
  const bare = dataset(sequences);

  it("are read without preamble and meta information, in the encoding that they show", () => {
    expect(parseDicom(bare)).toMatchObject({ transferSyntaxUID: "1.2.840.10008.1.2.1", datasetOffset: 0 });
    expect(parseDicom(hex("08006000 02000000 4354")).transferSyntaxUID).toBe(implicit);
    expect(parseDicom(hex("0008 0060 4353 0002 4354")).transferSyntaxUID).toBe(bigEndian);
    expect(parseDicom(fileHeader("1.2", "1.2.3").subarray(128 + 4)).meta.size).toBeGreaterThan(0);
  });

  it("are read in the encoding that they show, not that they declare", () => {
    expect(parseDicom(file(sequences, implicit)).dataset.text(0x00100010)).toBe("A^B");
    expect(parseDicom(file(hex("08006000 02000000 4354"))).dataset.text(0x00080060)).toBe("CT");
    expect(parseDicom(file(sequences, bigEndian)).dataset.number(0x00280010)).toBe(512);
  });

  it("may have unknown VRs: capital letters have the long form, anything else the short one", () => {
    const { dataset: read } = parseDicom(file(hex("08006000 5a5a 0000 02000000 4354", "08007000 0000 0200 4142")));
    expect(read.get(0x00080060)).toMatchObject({ vr: "UN", length: 2 });
    expect(read.text(0x00080070)).toBe("AB");
  });

  it("may end with zeros, or without the last delimiter", () => {
    expect(parseDicom(Buffer.concat([file(sequences), Buffer.alloc(100)])).dataset.size).toBe(4);
    const body = hex("e07f1000 4f420000 ffffffff  feff00e0 02000000 0102");
    expect(parseDicom(file(body)).dataset.get(0x7fe00010)?.fragments).toHaveLength(1);
  });

  it("may have a superfluous item delimiter", () => {
    expect(parseDicom(file(Buffer.concat([hex("feff0de0 00000000"), bare]))).dataset.size).toBe(4);
  });

  it.each([
    ["empty", Buffer.alloc(0), "at byte 0"],
    [
      "text",
      Buffer.from("Hello, this is a text of some length."),
      "at byte 0: expected the first element of a DICOM dataset",
    ],
    ["zeros", Buffer.alloc(500), "at byte 0"],
    ["cut in a value", file(sequences).subarray(0, -4), "the data ends here: expected bytes up to"],
    ["with a length beyond the end", file(hex("08006000 55540000 ffffff7f 4354")), "the data ends here"],
    [
      "with a stray sequence delimiter",
      file(hex("08006000 43530200 4354 feffdde0 00000000")),
      "fffe,e0dd outside of a sequence",
    ],
    [
      "with an element for an item",
      file(hex("08004011 53510000 ffffffff 08005511 55490200 3100")),
      "expected an item of 0008,1140",
    ],
    ["with text of undefined length", file(hex("08006000 55540000 ffffffff 4354")), "VR UT has undefined length"],
    [
      "with a fragment of undefined length",
      file(hex("e07f1000 4f420000 ffffffff feff00e0 ffffffff")),
      "fragment of undefined length",
    ],
    [
      "with an element longer than its item",
      file(hex("08004011 53510000 12000000 feff00e0 0a000000 08005511 5549 0400 3100 3100")),
      "0008,1155 of 4 bytes exceeds its item",
    ],
  ])("are refused when %s", (_, bytes, problem) => {
    expect(() => parseDicom(bytes)).toThrow(problem);
    expect(() => parseDicom(bytes)).toThrow("Bad file format");
    expect(() => inPieces(bytes, 3)).toThrow("Bad file format");
  });
});

/** Sequences of undefined length within each other. */
function nested(depth: number): Buffer {
  const opening = hex("08004011 53510000 ffffffff feff00e0 ffffffff");
  const closing = hex("feff0de0 00000000 feffdde0 00000000");
  return file(Buffer.concat([...Array<Buffer>(depth).fill(opening), ...Array<Buffer>(depth).fill(closing)]));
}

describe("limits", () => {
  it("hold for the depth of nesting", () => {
    expect(parseDicom(nested(512)).dataset.size).toBe(1);
    expect(() => parseDicom(nested(513))).toThrow("more than 512 nested sequences");
    expect(() => parseDicom(nested(5), { limits: { depth: 4 } })).toThrow("more than 4 nested sequences");
  });

  it("hold for the number of elements, items and fragments", () => {
    expect(() => parseDicom(file(sequences), { limits: { elements: 7 } })).toThrow("more than 7 elements");
    expect(parseDicom(file(sequences), { limits: { elements: 10 } }).dataset.size).toBe(4);
  });

  it("do not matter for what is not read", () => {
    const elements: Elements = [...sequences, [0x7fe00010, "OB", Buffer.alloc(1_000_000)]];
    const bomb = file(deflateRawSync(dataset(elements)), deflated);
    const header = parseDicom(bomb, { stopAtPixelData: true, limits: { inflatedLength: 500_000 } });
    expect(header.dataset.size).toBe(4);
    expect(header.pixelDataVR).toBe("OB");
    expect(header.pixelDataOffset).toBeUndefined();
  });

  it("hold for the length of an inflated dataset", () => {
    const bomb = file(deflateRawSync(dataset([[0x00420011, "OB", Buffer.alloc(1_000_000)]])), deflated);
    expect(() => parseDicom(bomb, { limits: { inflatedLength: 500_000 } })).toThrow("more than 500000 bytes");
  });
});

describe("DicomReader", () => {
  const withPixels = file([
    ...sequences,
    [0x7fe00010, "OW", Buffer.alloc(3000, 1)],
    [0xfffcfffc, "OB", Buffer.alloc(10)],
  ]);

  it.each([1, 2, 7, 130, 4096])("reads the same in pieces of %d bytes", (size) => {
    expect(outline(inPieces(withPixels, size).dataset)).toEqual(outline(parseDicom(withPixels).dataset));
    const small = file(deflateRawSync(dataset(sequences)), deflated);
    expect(outline(inPieces(small, size).dataset)).toEqual(outline(parseDicom(small).dataset));
  });

  it("leaves large values in the file", () => {
    const { dataset: read } = inPieces(withPixels, 100, { maximumValueLength: 1000 });
    const pixels = read.get(0x7fe00010);
    expect(pixels).toMatchObject({ vr: "OW", length: 3000 });
    expect(pixels?.value).toBeUndefined();
    expect(withPixels.subarray(pixels?.offset, (pixels?.offset ?? 0) + 3000).every((byte) => byte === 1)).toBe(true);
    expect(read.has(0xfffcfffc)).toBe(true);
  });

  it("leaves values in the file once it keeps enough of them", () => {
    const { dataset: read } = inPieces(withPixels, 100, { limits: { keptLength: 60 } });
    expect(read.text(0x00100010)).toBe("A^B");
    expect(read.get(0x7fe00010)?.value).toBeUndefined();
  });

  it("says when the header is complete, and needs no more then", () => {
    const reader = new DicomReader({ stopAtPixelData: true });
    let pushed = 0;
    while (!reader.headerComplete) reader.push(withPixels.subarray(pushed, (pushed += 10)));
    expect(pushed).toBeLessThan(withPixels.length - 2900);
    expect(reader.end().dataset.size).toBe(4);
  });

  it.each([20, 130, 4096])("keeps copies of bytes that are only lent, in pieces of %d bytes", (size) => {
    for (const whole of [withPixels, file(deflateRawSync(dataset(sequences)), deflated)]) {
      const lent = Buffer.from(whole);
      const reader = new DicomReader({ stopAtPixelData: true, checkRest: true, lent: true });
      for (let at = 0; at < lent.length; at += size) reader.push(lent.subarray(at, at + size));
      const { dataset: read } = reader.end();
      lent.fill(0xff);
      expect(outline(read)).toEqual(outline(parseDicom(whole, { stopAtPixelData: true }).dataset));
    }
  });

  it("checks the rest without keeping it when asked to", () => {
    const options = { stopAtPixelData: true, checkRest: true };
    expect([...inPieces(withPixels, 100, options).dataset].map(({ tag }) => tag)).toEqual(
      sequences.map(([tag]) => tag),
    );
    expect(() => inPieces(withPixels.subarray(0, -2000), 100, options)).toThrow("the data ends here");
    const broken = Buffer.concat([withPixels, elementHeader(0xfffcfffc, "OB", 1000)]);
    expect(() => inPieces(broken, 100, options)).toThrow("the data ends here");
    expect(inPieces(broken, 100, { stopAtPixelData: true }).dataset.size).toBe(4);
  });
});
