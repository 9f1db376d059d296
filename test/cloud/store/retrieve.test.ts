import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonOf } from "../testing/client.ts";
import { partsOf, startStore, type StoreFixture } from "../testing/store-fixture.ts";
import { tinyDicom, tinyElement, tinyFragments, tinyShort } from "../testing/tiny-dicom.ts";

let fixture: StoreFixture;

const explicit = "1.2.840.10008.1.2.1";
const runLength = "1.2.840.10008.1.2.5";
const jpeg = "1.2.840.10008.1.2.4.50";

const plain = tinyDicom({ study: "1.1", series: "1.1.1", instance: "1.1.1.1" });
const second = tinyDicom({ study: "1.1", series: "1.1.2", instance: "1.1.2.1" });

/** 2 × 2 pixels of 16 bits: 0x0102, 0x0102, 0x0102, 0x0304. Written by hand from PS3.5 §G.3. */
const runs = (() => {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(2, 0);
  header.writeUInt32LE(64, 4);
  header.writeUInt32LE(68, 8);
  // High bytes 1 1 1 3: a run of three, a literal of one. Low bytes 2 2 2 4 the same way.
  return Buffer.concat([header, Buffer.from([0xfe, 1, 0, 3, 0xfe, 2, 0, 4])]);
})();
const compressed = tinyDicom({
  study: "1.2",
  series: "1.2.1",
  instance: "1.2.1.1",
  transferSyntax: runLength,
  bits: 16,
  more: [[0x7fe00010, tinyFragments(runs)]],
});
const jpegFile = tinyDicom({
  study: "1.3",
  series: "1.3.1",
  instance: "1.3.1.1",
  transferSyntax: jpeg,
  more: [
    [0x00280008, tinyElement(0x00280008, "IS", "2")],
    [0x7fe00010, tinyFragments(Buffer.from("ffd8ffd9", "hex"), Buffer.from("ffd8ffda", "hex"))],
  ],
});
const rich = tinyDicom({
  study: "1.4",
  series: "1.4.1",
  instance: "1.4.1.1",
  more: [
    [0x00080005, tinyElement(0x00080005, "CS", "ISO_IR 100")],
    [0x00100010, tinyElement(0x00100010, "PN", Buffer.from("M\xfcller^J\xfcrgen", "latin1"))],
    [0x00281201, tinyElement(0x00281201, "OW", Buffer.alloc(2050, 5))],
    [0x00281202, tinyElement(0x00281202, "OW", Buffer.from([1, 2, 3, 4]))],
    [0x00280034, tinyElement(0x00280034, "IS", "1\\2")],
    [0x00283006, tinyElement(0x00283006, "US", Buffer.alloc(2 * 513, 1))],
    [0x00283002, tinyElement(0x00283002, "US", Buffer.concat([tinyShort(1), tinyShort(513)]))],
  ],
});

const path = {
  plain: "/studies/1.1/series/1.1.1/instances/1.1.1.1",
  rle: "/studies/1.2/series/1.2.1/instances/1.2.1.1",
};
const jpegPath = "/studies/1.3/series/1.3.1/instances/1.3.1.1";
const richPath = "/studies/1.4/series/1.4.1/instances/1.4.1.1";

beforeAll(async () => {
  fixture = await startStore();
  expect((await fixture.stow([plain, second, compressed, jpegFile, rich])).status).toBe(200);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const get = (where: string, accept?: string): ReturnType<StoreFixture["send"]> =>
  fixture.send(where, { headers: accept === undefined ? {} : { accept } });
const anySyntax = 'multipart/related; type="application/dicom"; transfer-syntax=*';

describe("objects", () => {
  test("a study, a series: all instances, byte for byte", async () => {
    const study = await get("/studies/1.1", anySyntax);
    expect(study.status).toBe(200);
    expect(study.headers["content-type"]).toMatch(
      /^multipart\/related; boundary=[0-9a-f]+; type="application\/dicom"$/,
    );
    expect(partsOf(study)).toEqual([plain, second]);
    expect(partsOf(await get("/studies/1.1/series/1.1.2", anySyntax))).toEqual([second]);
  });

  test("an instance: multipart by default, single on demand", async () => {
    expect(partsOf(await get(path.plain))).toEqual([plain]);
    const single = await get(path.plain, "application/dicom; transfer-syntax=*");
    expect(single.headers["content-type"]).toBe(`application/dicom; transfer-syntax=${explicit}`);
    expect(single.bytes).toEqual(plain);
  });

  test("a study is not to be had as a single part", async () => {
    expect((await get("/studies/1.1", "application/dicom; transfer-syntax=*")).status).toBe(406);
  });

  test.each([
    'multipart/related; type="application/dicom; transfer-syntax=*"',
    'multipart/related; type="application/dicom;transfer-syntax=1.2.840.10008.1.2.1"',
    'multipart/related; type="application/dicom"; transfer-syntax=1.2.3',
    'multipart/related; type="application/octet-stream"',
    "application/json",
    "nonsense",
  ])("%s: 406 as text", async (accept) => {
    const answer = await get(path.plain, accept);
    expect(answer.status).toBe(406);
    expect(answer.headers["content-type"]).toContain("text/plain");
    expect(answer.text).toMatch(/^no supported media type found in \[.*\], accept-header must include one of \[/);
  });

  test.each([
    `image/png, ${anySyntax}`,
    "multipart/related; type=application/dicom; transfer-syntax=*",
    "*/*",
    "multipart/*",
    `application/dicom; transfer-syntax=*; q=0.5, ${anySyntax}; q=0.9`,
  ])("%s: multipart", async (accept) => {
    expect(partsOf(await get(path.plain, accept))).toEqual([plain]);
  });

  test("stored compressed: verbatim for *, decompressed by default", async () => {
    expect(partsOf(await get(path.rle, anySyntax))).toEqual([compressed]);
    const [file] = partsOf(await get(path.rle));
    expect(file?.includes(Buffer.from(`${explicit}\0`))).toBe(true);
    // The last element is the decoded pixel data, little endian, after its length.
    expect(file?.subarray(-12).toString("hex")).toBe("080000000201020102010403");
  });

  test("what cannot be decompressed: 406", async () => {
    const answer = await get(jpegPath);
    expect(answer.status).toBe(406);
    expect(answer.text).toBe(`cannot transcode from ${jpeg} to ${explicit}`);
    const same = `multipart/related; type="application/dicom"; transfer-syntax=${jpeg}`;
    expect(partsOf(await get(jpegPath, same))).toEqual([jpegFile]);
  });

  test("what is not there: 404 as JSON", async () => {
    const answer = await get("/studies/9.9", anySyntax);
    expect(answer.status).toBe(404);
    expect(jsonOf(answer)).toMatchObject({ error: { code: 404, status: "NOT_FOUND" } });
  });
});

describe("frames", () => {
  test("native, one by one and several", async () => {
    const answer = await get(`${path.plain}/frames/1`, "application/octet-stream");
    expect(answer.bytes).toEqual(Buffer.from([1, 2, 3, 4]));
    expect(answer.headers["content-type"]).toBe(`application/octet-stream; transfer-syntax=${explicit}`);
    expect(partsOf(await get(`${path.plain}/frames/1`))).toEqual([Buffer.from([1, 2, 3, 4])]);
    expect((await get(`${path.plain}/frames/2`)).status).toBe(400);
  });

  test("decompressed by default, fragments as stored", async () => {
    expect(partsOf(await get(`${path.rle}/frames/1`))[0]?.toString("hex")).toBe("0201020102010403");
    const stored = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
    expect(partsOf(await get(`${path.rle}/frames/1`, stored))).toEqual([runs]);
    const jpegs = partsOf(
      await get(`${jpegPath}/frames/2,1`, `multipart/related; type="image/jpeg"; transfer-syntax=${jpeg}`),
    );
    expect(jpegs.map((frame) => frame.toString("hex"))).toEqual(["ffd8ffda", "ffd8ffd9"]);
    expect((await get(`${jpegPath}/frames/1`)).status).toBe(406);
  });
});

describe("metadata", () => {
  test("JSON with absolute BulkDataURIs above Google's thresholds", async () => {
    const answer = await get(`${richPath}/metadata`);
    expect(answer.headers["content-type"]).toContain("application/dicom+json");
    const bulkdata = `${fixture.emulator.url}${fixture.surface}${richPath}/bulkdata`;
    expect(jsonOf(answer)).toEqual([
      expect.objectContaining({
        "00080018": { vr: "UI", Value: ["1.4.1.1"] },
        "00100010": { vr: "PN", Value: [{ Alphabetic: "Müller^Jürgen" }] },
        "00280010": { vr: "US", Value: [2] },
        "00280034": { vr: "IS", Value: [1, 2] },
        "00283002": { vr: "US", Value: [1, 513] },
        "00281201": { vr: "OW", BulkDataURI: `${bulkdata}/00281201` },
        "00281202": { vr: "OW", InlineBinary: "AQIDBA==" },
        "00283006": { vr: "US", BulkDataURI: `${bulkdata}/00283006` },
        "7FE00010": { vr: "OB", BulkDataURI: `${bulkdata}/7FE00010` },
      }),
    ]);
  });

  test("the BulkDataURIs lead to the values", async () => {
    const table = await get(`${richPath}/bulkdata/00281201`, "application/octet-stream; transfer-syntax=*");
    expect(table.bytes).toEqual(Buffer.alloc(2050, 5));
    expect(partsOf(await get(`${richPath}/bulkdata/7FE00010`))).toEqual([Buffer.from([1, 2, 3, 4])]);
    expect((await get(`${richPath}/bulkdata/00091234`)).status).toBe(404);
  });

  test("of a study: one array; XML as multipart; no transfer syntax", async () => {
    expect(jsonOf(await get("/studies/1.1/metadata"))).toHaveLength(2);
    const xml = partsOf(await get("/studies/1.1/metadata", 'multipart/related; type="application/dicom+xml"'));
    expect(xml).toHaveLength(2);
    expect(xml[0]?.toString()).toContain(
      '<DicomAttribute tag="00100020" vr="LO" keyword="PatientID"><Value number="1">P1',
    );
    expect((await get("/studies/1.1/metadata", "application/dicom+json; transfer-syntax=*")).status).toBe(406);
  });
});
