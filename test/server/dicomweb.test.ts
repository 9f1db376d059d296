import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeImage, makeStudy } from "../phantoms/study.ts";
import { askJson } from "./ask.ts";
import { partsOf } from "./multipart-answer.ts";

const run = promisify(execFile);

const explicitLittleEndian = "1.2.840.10008.1.2.1";
const study = [...makeStudy({ rows: 16, instances: 4, perSeries: 2, patientName: "Höhne^Ömer" })];
const [first] = study;
const { StudyInstanceUID = "", SeriesInstanceUID = "", SOPInstanceUID = "", SOPClassUID = "" } = first?.uids ?? {};

/** A body of STOW-RS as a client of another make might write it: a preamble, headers in another case, an epilogue. */
function multipart(files: readonly Buffer[], boundary: string): Buffer {
  const parts = files.flatMap((file) => [
    Buffer.from(`--${boundary}\r\ncontent-type: application/dicom\r\nX-Other: yes\r\n\r\n`),
    file,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([Buffer.from("preamble\r\n"), ...parts, Buffer.from(`--${boundary}--\r\nepilogue`)]);
}

const related = (boundary: string) => [
  "-H",
  `Content-Type: multipart/related; type="application/dicom"; boundary="${boundary}"`,
];

type Dataset = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

const sorted = (files: readonly Buffer[]) => files.map((file) => file.toString("base64")).toSorted();

const value = (dataset: Dataset | undefined, tag: string): unknown => dataset?.[tag]?.Value?.[0];

describe.skipIf(!hasTool("curl"))("DICOMweb by curl", () => {
  let server: TestServer;
  let folder: string;
  let base: string;
  beforeAll(async () => {
    server = await startTestServer();
    base = `${server.url}/dicom-web`;
    folder = await mkdtemp(join(tmpdir(), "greyhaven-dicomweb-"));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** What curl wrote, and the answer's status and type. */
  async function curl(...options: readonly string[]) {
    const output = join(folder, "answer");
    const { stdout } = await run("curl", ["-sS", "-o", output, "-w", "%{http_code} %{content_type}", ...options]);
    return { told: stdout, bytes: await readFile(output) };
  }

  it("STOW-RS with a length", async () => {
    const body = join(folder, "body");
    await writeFile(
      body,
      multipart(
        study.slice(0, 3).map(({ file }) => file),
        "= a'b(c) =",
      ),
    );
    const { told, bytes } = await curl(...related("= a'b(c) ="), "--data-binary", `@${body}`, `${base}/studies`);
    expect(told).toBe("200 application/dicom+json");
    const answer = JSON.parse(bytes.toString()) as Dataset;
    expect(answer["00081198"]).toBeUndefined();
    expect(value(answer, "00081190")).toBe(`${base}/studies/${StudyInstanceUID}`);
    expect(answer["00081199"]?.Value).toHaveLength(3);
    expect(value(answer, "00081199")).toEqual({
      "00081150": { vr: "UI", Value: [SOPClassUID] },
      "00081155": { vr: "UI", Value: [SOPInstanceUID] },
      "00081190": {
        vr: "UR",
        Value: [`${base}/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`],
      },
    });
  });

  it("STOW-RS in chunks, to a study, again", async () => {
    const body = join(folder, "body");
    await writeFile(
      body,
      multipart(
        study.map(({ file }) => file),
        "x",
      ),
    );
    const chunked = ["-H", "Transfer-Encoding: chunked", "-T", body, "-X", "POST"];
    const { told } = await curl(...related("x"), ...chunked, `${base}/studies/${StudyInstanceUID}`);
    expect(told).toBe("200 application/dicom+json");
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountInstances: 4, CountSeries: 2 });
  });

  it("STOW-RS of what cannot be read: 400, of another study: 409, of no multipart: 415", async () => {
    const stranger = makeImage({ seed: 5, rows: 8 }).file;
    const nameless = makeImage({ seed: 6, rows: 8, attributes: [[0x0020000d, "UI", ""]] }).file;
    const send = async (path: string, ...files: readonly Buffer[]) => {
      await writeFile(join(folder, "body"), multipart(files, "x"));
      const { told, bytes } = await curl(...related("x"), "--data-binary", `@${join(folder, "body")}`, base + path);
      return { status: told.slice(0, 3), answer: JSON.parse(bytes.toString()) as Dataset };
    };
    const other = await send(`/studies/${StudyInstanceUID}`, stranger);
    expect(other.status).toBe("409");
    expect(value(other.answer, "00081198")).toMatchObject({ "00081197": { vr: "US", Value: [0x0110] } });
    for (const bad of [nameless, Buffer.from("not DICOM")]) {
      // Bad syntax goes before everything, but what is good is stored.
      const { status, answer } = await send("/studies", bad, stranger);
      expect(status).toBe("400");
      expect(value(answer, "00081198")).toEqual({ "00081197": { vr: "US", Value: [0xc000] } });
      expect(answer["00081199"]?.Value).toHaveLength(1);
    }
    const { told } = await curl("-H", "Content-Type: application/json", "--data-binary", "{}", `${base}/studies`);
    expect(told.slice(0, 3)).toBe("415");
  });

  it.each([
    `/studies/${StudyInstanceUID}`,
    `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}`,
    `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`,
  ])("WADO-RS of %s: the files as they were stored", async (path) => {
    const accept = 'Accept: multipart/related; type="application/dicom"; transfer-syntax=*';
    const { told, bytes } = await curl("-H", accept, base + path);
    const parts = partsOf(told, bytes);
    const expected = study.filter(({ uids }) =>
      `/studies/${uids.StudyInstanceUID}/series/${uids.SeriesInstanceUID}/instances/${uids.SOPInstanceUID}`.startsWith(
        path,
      ),
    );
    expect(sorted(parts.map(({ body }) => body))).toEqual(sorted(expected.map(({ file }) => file)));
    expect(parts[0]?.headers).toMatch(/content-type: application\/dicom/i);
  });

  const instance = `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;

  it("WADO-RS frames and bulk data are the pixels", async () => {
    const accept = `Accept: multipart/related; type="application/octet-stream"; transfer-syntax=${explicitLittleEndian}`;
    const frames = await curl("-H", accept, `${base}${instance}/frames/1`);
    expect(partsOf(frames.told, frames.bytes).map(({ body }) => body)).toEqual([first?.pixels]);
    const bulk = await curl(`${base}${instance}/bulk/7fe00010`);
    expect(partsOf(bulk.told, bulk.bytes).map(({ body }) => body)).toEqual([first?.pixels]);
    expect((await curl(`${base}${instance}/frames/2`)).told).toMatch(/^40[04] /);
    expect((await curl(`${base}${instance}/frames/0`)).told).toMatch(/^400 /);
    expect((await curl("-H", "Accept: image/png", `${base}${instance}/frames/1`)).told).toMatch(/^400 /);
  });

  it("WADO-RS metadata in JSON and XML", async () => {
    const { told, bytes } = await curl("-H", "Accept: application/dicom+json", `${base}${instance}/metadata`);
    expect(told).toBe("200 application/dicom+json");
    const [model] = JSON.parse(bytes.toString()) as readonly Dataset[];
    expect(model).toMatchObject({
      "00080018": { vr: "UI", Value: [SOPInstanceUID] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Höhne^Ömer" }] },
      "00280010": { vr: "US", Value: [16] },
      "00281052": { vr: "DS", Value: [expect.any(Number)] },
      "7FE00010": { vr: "OW", BulkDataURI: `${base}${instance}/bulk/7fe00010` },
    });
    const xml = await curl(
      "-H",
      'Accept: multipart/related; type="application/dicom+xml"',
      `${base}${instance}/metadata`,
    );
    const [part] = partsOf(xml.told, xml.bytes);
    expect(part?.body.toString()).toMatch(/<NativeDicomModel.*<FamilyName>Höhne<\/FamilyName>/s);
    expect((await curl(`${base}/studies/${StudyInstanceUID}/metadata`)).bytes.toString()).toContain(SOPInstanceUID);
    expect((await curl("-H", "Accept: image/png", `${base}${instance}/metadata`)).told).toMatch(/^400 /);
  });

  it.each([
    "image/jpeg",
    'multipart/related; type="application/dicom"; transfer-syntax=1.2.3',
    'multipart/related; type="text/plain"',
  ])("WADO-RS does not take Accept: %s", async (accept) => {
    expect((await curl("-H", `Accept: ${accept}`, base + instance)).told).toMatch(/^400 /);
  });

  it.skipIf(!hasTool("dcmdump"))("what DCMTK reads of a retrieved instance is what was sent", async () => {
    const { told, bytes } = await curl(base + instance);
    const [part] = partsOf(told, bytes);
    const file = join(folder, "retrieved.dcm");
    await writeFile(file, part?.body ?? "");
    const { stdout } = await run("dcmdump", ["+P", "0010,0010", "+P", "0008,0018", file]);
    expect(stdout).toContain("[Höhne^Ömer]");
    expect(stdout).toContain(`[${SOPInstanceUID}]`);
  });

  it("WADO-URI", async () => {
    const query = `requestType=WADO&studyUID=${StudyInstanceUID}&seriesUID=${SeriesInstanceUID}&objectUID=${SOPInstanceUID}`;
    const { told, bytes } = await curl(`${server.url}/wado?${query}&contentType=application%2Fdicom`);
    expect([told, bytes.equals(first?.file ?? Buffer.alloc(0))]).toEqual(["200 application/dicom", true]);
    const wrong = query.replace(`studyUID=${StudyInstanceUID}`, "studyUID=1.2.3");
    expect((await curl(`${server.url}/wado?${wrong}&contentType=application%2Fdicom`)).told).toMatch(/^404 /);
    expect((await curl(`${server.url}/wado?${query.replace("WADO", "QIDO")}`)).told).toMatch(/^404 /);
    expect((await curl(`${server.url}/wado?${query}&contentType=text%2Fplain`)).told).toMatch(/^400 /);
  });
});
