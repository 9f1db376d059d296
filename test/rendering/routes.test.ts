import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unpack } from "../archives/unpack.ts";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import type { Elements } from "../phantoms/explicit-writer.ts";
import { makeImage, makeStudy } from "../phantoms/study.ts";
import { ask, askJson, type Answer, type AskOptions } from "../server/ask.ts";
import { upload } from "../server/upload.ts";
import { sharedData } from "../shared-data.ts";
import { corpusFile } from "../pixels/pixel-truth.ts";
import { pixelsOf } from "./corpus-pictures.ts";

const unknown = "00000000-00000000-00000000-00000000-00000000";

/** An image of 3 × 2 pixels of 16 bits, signed, in two frames. */
const values = [-1000, 0, 1, 255, 256, 3000, 1, 2, 3, 4, 5, 6];
const pixels = Buffer.from(Int16Array.from(values).buffer);
const attributes: Elements = [
  [0x00280004, "CS", "MONOCHROME2"],
  [0x00280008, "IS", "2"],
  [0x00280010, "US", 2],
  [0x00280011, "US", 3],
  [0x00280100, "US", 16],
  [0x00280101, "US", 16],
  [0x00280102, "US", 15],
  [0x00280103, "US", 1],
  [0x00281050, "DS", "100"],
  [0x00281051, "DS", "200"],
  [0x00281052, "DS", "-10"],
  [0x00281053, "DS", "0.5"],
  [0x7fe00010, "OW", pixels],
];

const empty = (status: number) => ({ status, length: 0 });
const accept = (type: string) => ({ headers: { accept: type } });
const statusOf = ({ status, bytes }: Answer) => ({ status, length: bytes.length });

describe("pictures of frames", () => {
  let server: TestServer;
  let instance: string;
  /** Not for pictures: it has no pixel data. */
  let report: string;
  const get = (path: string, options: AskOptions = {}) => ask(server.url, `GET ${path}`, options);
  const shown = async (path: string) => [...pixelsOf((await get(`/instances/${instance}${path}`)).bytes).samples];
  const form = async (query: string) => pixelsOf((await get(`/instances/${instance}/rendered${query}`)).bytes).form;

  beforeAll(async () => {
    server = await startTestServer();
    instance = (await upload(server.url, makeImage({ rows: 8, attributes }).file)).ID;
    const withoutPixels: Elements = [[0x7fe00010, "OW", Buffer.alloc(0)]];
    report = (await upload(server.url, makeImage({ rows: 8, seed: 2, attributes: withoutPixels }).file)).ID;
  });
  afterAll(() => server.close());

  it("are PNG, JPEG or PAM as the client accepts it", async () => {
    const begins: Readonly<Record<string, string>> = {
      "image/png": "\x89PNG\r\n\x1a\n",
      "image/jpeg": "\xff\xd8\xff",
      "image/x-portable-arbitrarymap": "P7\nWIDTH 3\nHEIGHT 2\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n",
    };
    for (const [type, begin] of Object.entries(begins)) {
      const { status, headers, bytes } = await get(`/instances/${instance}/preview`, accept(type));
      expect([status, headers["content-type"], bytes.toString("latin1", 0, begin.length)]).toEqual([200, type, begin]);
    }
  });

  it.each([
    ["*/*", "image/png"],
    ["image/*", "image/png"],
    ["image/jpeg;q=0.4, image/png;q=0.6", "image/png"],
    ["text/html, image/jpeg;q=0.9, */*;q=0.8", "image/jpeg"],
  ])("for Accept: %s are %s", async (header, type) => {
    expect((await get(`/instances/${instance}/preview`, accept(header))).headers["content-type"]).toBe(type);
  });

  it("stretch, window and cut the values", async () => {
    // 255 × (value + 1000) / 4000, rounded
    expect(await shown("/preview")).toEqual([0, 64, 64, 80, 80, 255]);
    expect(await shown("/frames/1/preview")).toEqual([0, 51, 102, 153, 204, 255]);
    // Units are value / 2 - 10, and the window reaches from 0 to 200.
    expect(await shown("/rendered")).toEqual([0, 0, 0, 149, 150, 255]);
    expect(await shown("/rendered?window-center=0&window-width=20")).toEqual([0, 0, 6, 255, 255, 255]);
    expect(await shown("/image-uint8")).toEqual([0, 0, 1, 255, 255, 255]);
    expect(await shown("/image-uint16")).toEqual([0, 0, 1, 255, 256, 3000]);
    expect(await shown("/image-int16")).toEqual([64_536, 0, 1, 255, 256, 3000]);
  });

  it("keep their proportions in another size", async () => {
    expect(await form("?width=6")).toBe("6 × 4 × 1 × 8 bits");
    expect(await form("?width=60&height=4")).toBe("6 × 4 × 1 × 8 bits");
    expect(await form("?height=1&smooth=true")).toBe("2 × 1 × 1 × 8 bits");
    expect(await form("?width=0")).toBe("3 × 2 × 1 × 8 bits");
  });

  it.each([
    "/instances/{id}/frames/2/preview",
    "/instances/{id}/frames/x/preview",
    "/instances/{id}/frames/-1/rendered",
    `/instances/${unknown}/preview`,
    "/instances/{id}/rendered?width=-1",
    "/instances/{id}/rendered?width=1.5",
    "/instances/{id}/rendered?width=900000000",
    "/instances/{id}/rendered?window-center=abc",
    "/instances/{id}/rendered?window-width=",
  ])("%s is nowhere", async (path) => {
    expect(statusOf(await get(path.replace("{id}", instance)))).toEqual(empty(404));
  });

  it("are nowhere in types that there are not, as JPEG of 16 bits", async () => {
    expect(statusOf(await get(`/instances/${instance}/preview`, accept("image/gif")))).toEqual(empty(404));
    expect(statusOf(await get(`/instances/${instance}/image-uint16`, accept("image/jpeg")))).toEqual(empty(404));
  });

  it("are unsupported where the quality, or the image, is none", async () => {
    for (const quality of ["0", "101", "x", ""]) {
      expect(statusOf(await get(`/instances/${instance}/preview?quality=${quality}`))).toEqual(empty(415));
    }
    expect(statusOf(await get(`/instances/${report}/preview`))).toEqual(empty(415));
    expect(statusOf(await get(`/instances/${report}/preview?returnUnsupportedImage=false`))).toEqual(empty(415));
  });

  it.each([
    ["/preview", "../../app/images/unsupported.png"],
    ["/frames/0/image-uint8", "../../../../app/images/unsupported.png"],
  ])("lead to an icon instead, when that is asked for", async (path, location) => {
    const request = `/instances/${report}${path}?returnUnsupportedImage`;
    const { status, headers } = await get(request);
    expect([status, headers.location]).toEqual([307, location]);
    const icon = await get(new URL(location, `http://localhost${request}`).pathname);
    expect([icon.status, pixelsOf(icon.bytes).form]).toEqual([200, "128 × 128 × 1 × 8 bits"]);
  });
});

describe("frames for programs", () => {
  let server: TestServer;
  let instance: string;
  const get = (path: string) => ask(server.url, `GET ${path}`);

  beforeAll(async () => {
    server = await startTestServer();
    instance = (await upload(server.url, makeImage({ rows: 8, attributes }).file)).ID;
  });
  afterAll(() => server.close());

  it("are listed, with what can be done with them", async () => {
    expect(await askJson(server.url, `GET /instances/${instance}/frames`)).toEqual([0, 1]);
    expect(await askJson(server.url, `GET /instances/${instance}/frames/0`)).toEqual([
      "image-int16",
      "image-uint16",
      "image-uint8",
      "matlab",
      "numpy",
      "preview",
      "raw",
      "raw.gz",
      "rendered",
    ]);
    expect((await get(`/instances/${unknown}/frames`)).status).toBe(404);
  });

  it("are their bytes, in gzip too", async () => {
    const raw = await get(`/instances/${instance}/frames/1/raw`);
    expect(raw.headers["content-type"]).toBe("application/octet-stream");
    expect(raw.bytes.equals(pixels.subarray(12))).toBe(true);
    const zipped = await get(`/instances/${instance}/frames/1/raw.gz`);
    expect(zipped.headers["content-type"]).toBe("application/gzip");
    expect(gunzipSync(zipped.bytes).equals(pixels.subarray(12))).toBe(true);
    expect(statusOf(await get(`/instances/${instance}/frames/x/raw`))).toEqual(empty(404));
    expect((await get(`/instances/${instance}/frames/2/raw`)).status).toBe(400);
  });

  it("are matrices of Matlab", async () => {
    const first = await get(`/instances/${instance}/matlab`);
    expect([first.headers["content-type"], first.text()]).toEqual([
      "text/plain",
      "double([ -1000 0 1 ; 255 256 3000 ])",
    ]);
    expect((await get(`/instances/${instance}/frames/1/matlab`)).text()).toBe("double([ 1 2 3 ; 4 5 6 ])");
    expect((await get(`/instances/${instance}/frames/2/matlab`)).status).toBe(400);
  });

  it("are arrays of NumPy: stored values, or units as floats", async () => {
    const stored = await get(`/instances/${instance}/numpy?rescale=false`);
    expect(stored.text()).toContain("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2,3,1), }");
    expect(stored.bytes.subarray(128).equals(pixels)).toBe(true);
    const units = await get(`/instances/${instance}/frames/0/numpy`);
    expect(units.text()).toContain("{'descr': '<f4', 'fortran_order': False, 'shape': (2,3,1), }");
    expect([...new Float32Array(new Uint8Array(units.bytes.subarray(128)).buffer)]).toEqual(
      values.slice(0, 6).map((value) => value / 2 - 10),
    );
  });

  it.skipIf(!hasTool("python3"))("are arrays of NumPy in a ZIP archive", async () => {
    const path = join(server.folder, "array.npz");
    await writeFile(path, (await get(`/instances/${instance}/numpy?compress`)).bytes);
    expect(unpack(path)).toMatchObject([{ name: "arr_0", size: 128 + 12 * 4 }]);
  });

  it("of a series are one array in the order of space, if they are of one size", async () => {
    const study = [...makeStudy({ rows: 4, seed: 5, instances: 3 })];
    const stored = [];
    for (const { file } of study.toReversed()) stored.push(await upload(server.url, file));
    const [last] = stored;
    const slices = await askJson<Record<string, unknown>>(
      server.url,
      `GET /series/${last?.ParentSeries}/ordered-slices`,
    );
    expect(Object.keys(slices)).toEqual(["Dicom", "Slices", "SlicesShort", "Type"]);
    expect([slices["Type"], slices["SlicesShort"]]).toEqual([
      "Volume",
      stored.toReversed().map(({ ID }) => [ID, 0, 1]),
    ]);
    const array = await get(`/series/${last?.ParentSeries}/numpy?rescale=0`);
    expect(array.bytes.subarray(128).equals(Buffer.concat(study.map((image) => image.pixels)))).toBe(true);
    const other = [...makeStudy({ rows: 6, seed: 5, instances: 4 })].at(-1)?.file ?? Buffer.alloc(0);
    await upload(server.url, other);
    expect((await get(`/series/${last?.ParentSeries}/numpy`)).status).toBe(500);
    expect((await get(`/series/${unknown}/ordered-slices`)).status).toBe(404);
  });

  it.skipIf(sharedData() === undefined)("are PDF where an instance holds one", async () => {
    const file = corpusFile("objects/encapsulated/encapsulated_pdf.dcm");
    const { status, headers, bytes } = await get(`/instances/${(await upload(server.url, file)).ID}/pdf`);
    // EncapsulatedDocumentLength is 589; the element has a byte of padding.
    expect([status, headers["content-type"], bytes.length]).toEqual([200, "application/pdf", 589]);
    expect(file.includes(bytes)).toBe(true);
    expect(statusOf(await get(`/instances/${instance}/pdf`))).toEqual(empty(404));
  });
});
