import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeImage } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { upload } from "./upload.ts";

const md5 = (text: string | Uint8Array): string => createHash("md5").update(text).digest("hex");

/** An entity tag as Orthanc writes it (behaviour §2.4). */
const etagOf = (revision: number, text: string): string => `"${revision}-${md5(text)}"`;

const image = makeImage({ rows: 8 }).file;

describe.each([
  ["metadata", "/metadata/note", "/metadata/note"],
  ["attachments", "/attachments/paper", "/attachments/paper/data"],
])("user %s (behaviour §2.3 to §2.5)", (_, place, reading) => {
  let server: TestServer;
  let study: string;
  beforeAll(async () => {
    server = await startTestServer({
      UserMetadata: { note: 1030 },
      UserContentType: { paper: [1030, "text/x-paper"] },
    });
    const { ParentStudy } = await upload(server.url, image);
    study = `/studies/${ParentStudy}`;
  });
  afterAll(() => server.close());

  const put = (body: string, headers = {}) => ask(server.url, `PUT ${study}${place}`, { body, headers });
  const get = (headers = {}) => ask(server.url, `GET ${study}${reading}`, { headers });
  const remove = (headers = {}) => ask(server.url, `DELETE ${study}${place}`, { headers });

  it("are written, read, replaced and removed, with a revision each time", async () => {
    expect((await get()).status).toBe(404);
    const first = await put("one");
    expect([first.status, first.headers.etag]).toEqual([200, etagOf(0, "one")]);
    const read = await get();
    expect([read.status, read.text(), read.headers.etag]).toEqual([200, "one", etagOf(0, "one")]);
    expect((await put("two")).headers.etag).toBe(etagOf(1, "two"));
    expect((await get()).text()).toBe("two");
    expect((await remove()).status).toBe(200);
    expect((await get()).status).toBe(404);
    expect((await remove()).status).toBe(404);
  });

  it("heed If-None-Match and If-Match", async () => {
    await put("one");
    const etag = etagOf(0, "one");
    const same = await get({ "if-none-match": etag });
    expect([same.status, same.text()]).toEqual([304, ""]);
    expect((await get({ "if-none-match": etagOf(3, "other") })).status).toBe(200);
    const conflict = await put("two", { "if-match": etagOf(3, "other") });
    expect([conflict.status, conflict.json()]).toEqual([409, expect.objectContaining({ OrthancStatus: 43 })]);
    expect((await remove({ "if-match": etagOf(3, "other") })).status).toBe(409);
    const malformed = await put("two", { "if-match": "nonsense" });
    expect([malformed.status, malformed.json()]).toEqual([400, expect.objectContaining({ OrthancStatus: 3 })]);
    expect((await put("two", { "if-match": etag })).status).toBe(200);
    expect((await remove({ "if-match": etagOf(1, "two") })).status).toBe(200);
  });
});

describe("CheckRevisions", () => {
  it.each(["metadata/1024", "attachments/1024"])("demands If-Match for changing %s", async (place) => {
    const { url } = await serverForTest({ CheckRevisions: true });
    const { ID } = await upload(url, image);
    const send = async (method: string, body: string, headers = {}) =>
      (await ask(url, `${method} /instances/${ID}/${place}`, { body, headers })).status;
    expect(await send("PUT", "one")).toBe(200);
    expect(await send("PUT", "two")).toBe(409);
    expect(await send("DELETE", "")).toBe(409);
    expect(await send("PUT", "two", { "if-match": etagOf(0, "one") })).toBe(200);
    expect(await send("DELETE", "", { "if-match": etagOf(0, "one") })).toBe(409);
    expect(await send("DELETE", "", { "if-match": etagOf(1, "two") })).toBe(200);
  });
});

describe("what the server itself keeps", () => {
  let server: TestServer;
  let instance: string;
  beforeAll(async () => {
    server = await startTestServer({ UserMetadata: { note: 1030 } });
    instance = `/instances/${(await upload(server.url, image)).ID}`;
  });
  afterAll(() => server.close());

  const get = (path: string, headers = {}) => ask(server.url, `GET ${instance}${path}`, { headers });

  const act = (name: string) => ask(server.url, `POST ${instance}/attachments/dicom/${name}`);

  it("metadata of ingest", async () => {
    expect(await askJson(server.url, `GET ${instance}/metadata?expand`)).toMatchObject({
      IndexInSeries: "1",
      Origin: "RestApi",
      ReceptionDate: expect.stringMatching(/^\d{8}T\d{6}$/),
      RemoteAET: "",
      RemoteIP: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      SopClassUid: "1.2.840.10008.5.1.4.1.1.2",
      TransferSyntax: "1.2.840.10008.1.2.1",
      PixelDataOffset: String(image.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]))),
      MainDicomTagsSignature: expect.stringContaining("0008,0018"),
    });
    const names = await askJson<readonly string[]>(server.url, `GET ${instance}/metadata`);
    const numbers = await askJson<readonly number[]>(server.url, `GET ${instance}/metadata?numeric`);
    expect(numbers).toHaveLength(names.length);
    expect(numbers).toContain(9);
    expect((await get("/metadata/9")).text()).toBe("1.2.840.10008.1.2.1");
  });

  it("metadata and attachments of the system cannot be written", async () => {
    for (const place of ["/metadata/Origin", "/metadata/8", "/metadata/1000", "/attachments/dicom", "/attachments/1"]) {
      for (const method of ["PUT", "DELETE"]) {
        const { status, text } = await ask(server.url, `${method} ${instance}${place}`, { body: "x" });
        expect([method, place, status, text()]).toEqual([method, place, 403, ""]);
      }
    }
    const unknown = await ask(server.url, `PUT ${instance}/metadata/unheard-of`, { body: "x" });
    expect([unknown.status, unknown.json()]).toEqual([404, expect.objectContaining({ OrthancStatus: 7 })]);
    expect((await get("/metadata/note")).status).toBe(404);
    expect((await get("/metadata/note")).text()).toBe("");
  });

  it("the attachment of the file", async () => {
    expect(await askJson(server.url, `GET ${instance}/attachments`)).toEqual(["dicom"]);
    expect(await askJson(server.url, `GET ${instance}/attachments?full`)).toEqual({ dicom: 1 });
    expect(await askJson(server.url, `GET ${instance}/attachments/dicom`)).toEqual([
      "compress",
      "compressed-data",
      "compressed-md5",
      "compressed-size",
      "data",
      "info",
      "is-compressed",
      "md5",
      "size",
      "uncompress",
      "verify-md5",
    ]);
    const { Uuid, ...info } = await askJson<Record<string, unknown>>(
      server.url,
      `GET ${instance}/attachments/dicom/info`,
    );
    expect(Uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(info).toEqual({
      ContentType: 1,
      CompressedMD5: md5(image),
      CompressedSize: image.length,
      UncompressedMD5: md5(image),
      UncompressedSize: image.length,
    });
    expect((await get("/attachments/dicom/md5")).text()).toBe(md5(image));
    expect((await get("/attachments/dicom/size")).text()).toBe(String(image.length));
    const data = await get("/attachments/dicom/data?filename=a%22b.dcm");
    expect(data.bytes.equals(image)).toBe(true);
    expect([data.headers["content-type"], data.headers["content-disposition"], data.headers.etag]).toEqual([
      "application/dicom",
      'filename="ab.dcm"',
      `"0-${crc32(image).toString(16).padStart(8, "0")}"`,
    ]);
  });

  it("ranges of an attachment (behaviour §1.2)", async () => {
    const part = await get("/attachments/dicom/data", { range: "bytes=128-131" });
    expect([part.status, part.text(), part.headers["content-range"], part.headers["content-type"]]).toEqual([
      206,
      "DICM",
      `bytes 128-131/${image.length}`,
      "application/octet-stream",
    ]);
    const rest = await get("/attachments/dicom/compressed-data", { range: `bytes=${image.length - 2}-` });
    expect([rest.status, rest.bytes.length]).toEqual([206, 2]);
    // Not the suffix of RFC 9110: from the start up to there.
    expect((await get("/attachments/dicom/data", { range: "bytes=-3" })).bytes).toEqual(image.subarray(0, 4));
    for (const range of [`bytes=${image.length}-`, "bytes=5-2", "bytes=a-b", "bytes=0-1,3-4"]) {
      const refused = await get("/attachments/dicom/data", { range });
      expect([range, refused.status, refused.json()]).toEqual([
        range,
        416,
        expect.objectContaining({ OrthancStatus: 41 }),
      ]);
    }
  });

  it("compression by request, and verification", async () => {
    expect(await act("verify-md5").then(({ status, text }) => [status, text().trim()])).toEqual([200, "{}"]);
    expect((await act("compress")).status).toBe(200);
    expect((await get("/attachments/dicom/is-compressed")).text()).toBe("1");
    const compressed = await get("/attachments/dicom/compressed-data");
    // The size before zlib's data, in eight bytes (behaviour §2.5).
    expect(compressed.bytes.readBigUInt64LE()).toBe(BigInt(image.length));
    expect((await get("/file")).bytes.equals(image)).toBe(true);
    expect((await act("verify-md5")).status).toBe(200);
    expect((await act("uncompress")).status).toBe(200);
    expect((await get("/attachments/dicom/compressed-data")).bytes.equals(image)).toBe(true);
  });

  it("labels (behaviour §2.6)", async () => {
    const label = async (method: string, name: string) =>
      (await ask(server.url, `${method} ${instance}/labels/${name}`)).status;
    expect(await label("PUT", "to_Check-1")).toBe(200);
    expect(await label("PUT", "to_Check-1")).toBe(200);
    expect(await label("GET", "to_Check-1")).toBe(200);
    expect(await label("GET", "other")).toBe(404);
    expect(await askJson(server.url, `GET ${instance}/labels`)).toEqual(["to_Check-1"]);
    expect(await askJson(server.url, "GET /tools/labels")).toEqual(["to_Check-1"]);
    for (const name of ["a%20b", "%C3%A9", "a.b", "x".repeat(65)]) expect(await label("PUT", name)).toBe(400);
    expect(await label("PUT", "x".repeat(64))).toBe(200);
    expect(await label("DELETE", "x".repeat(64))).toBe(200);
    expect(await label("DELETE", "x".repeat(64))).toBe(200);
    expect((await ask(server.url, "PUT /instances/unknown/labels/x")).json()).toMatchObject({ OrthancStatus: 17 });
  });
});
