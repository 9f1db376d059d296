import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeImage } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { folderForTest, processForTest, serverForTest } from "./server-for-test.ts";
import { upload } from "./upload.ts";

describe("the environment", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("overrides the configuration file in the convention of the Docker images, and fills ${VARIABLES}", async () => {
    vi.stubEnv("ORTHANC__NAME", "From the environment");
    vi.stubEnv("ORTHANC__DICOM_WEB__ROOT", "/web/");
    vi.stubEnv("ORTHANC__OVERWRITE_INSTANCES", "true");
    vi.stubEnv("GREYHAVEN_TEST_TITLE", "HARBOUR");
    const server = await processForTest(await folderForTest(), {
      Name: "From the file",
      DicomAet: "${GREYHAVEN_TEST_TITLE}",
      DicomWeb: { Root: "/dicom-web/" },
    });
    expect(await askJson(server.url, "GET /system")).toMatchObject({
      Name: "From the environment",
      DicomAet: "HARBOUR",
      OverwriteInstances: true,
      OverwriteInstancesMode: "Always",
    });
    expect(await askJson(server.url, "GET /web/studies")).toEqual([]);
    expect((await ask(server.url, "GET /dicom-web/studies")).status).toBe(404);
  });
});

describe("ReadOnly (behaviour §12)", () => {
  it("serves what is there and has no routes that change it", async () => {
    const folder = await folderForTest();
    const writable = await serverForTest({}, { folder });
    const body = makeImage({ rows: 8 }).file;
    const { ID, ParentStudy } = await upload(writable.url, body);
    await writable.close();
    const server = await serverForTest({ ReadOnly: true }, { folder });
    const { url } = server;
    expect(await askJson(url, "GET /system")).toMatchObject({ ReadOnly: true });
    expect(await askJson(url, "GET /instances")).toEqual([ID]);
    expect((await ask(url, `GET /instances/${ID}/file`)).bytes.equals(body)).toBe(true);
    const refused = [
      "POST /instances",
      `DELETE /instances/${ID}`,
      `DELETE /studies/${ParentStudy}`,
      `PUT /studies/${ParentStudy}/labels/seen`,
      `PUT /studies/${ParentStudy}/metadata/1024`,
      `PUT /studies/${ParentStudy}/attachments/1024`,
      "DELETE /changes",
      "POST /dicom-web/studies",
    ];
    for (const target of refused) {
      const answer = await ask(url, target, { body: "x" });
      expect([target, answer.status, answer.text()]).toEqual([target, 405, ""]);
      expect(answer.headers.allow).toBe("GET");
    }
    expect((await ask(url, "POST /tools/bulk-delete", { body: { Resources: [ID] } })).status).toBe(404);
    expect(await askJson(url, "GET /statistics")).toMatchObject({ CountInstances: 1 });
  });
});

describe("HTTP options", () => {
  it("MaximumRequestBodySizeMB: larger bodies get 413, with a length or without", async () => {
    const server = await serverForTest({ MaximumRequestBodySizeMB: 1 });
    const body = Buffer.alloc(2_000_000);
    expect((await ask(server.url, "POST /instances", { body })).status).toBe(413);
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let at = 0; at < body.length; at += 100_000) yield await Promise.resolve(body.subarray(at, at + 100_000));
    }
    const chunked = await ask(server.url, "POST /instances", { body: chunks() }).catch((error: unknown) => error);
    // The client may see its connection closed while it still sends.
    expect(chunked).toSatisfy((answer) => answer instanceof Error || (answer as { status: number }).status === 413);
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountInstances: 0 });
  });

  it("HttpDescribeErrors off: errors without a body", async () => {
    const server = await serverForTest({ HttpDescribeErrors: false });
    const { status, text } = await ask(server.url, "GET /no-such-thing");
    expect([status, text()]).toEqual([404, ""]);
  });

  it("HttpCompressionEnabled: gzip before deflate, from 2 KB on, for text only (behaviour §1.2)", async () => {
    const server = await serverForTest({ HttpCompressionEnabled: true });
    const { ID } = await upload(server.url, makeImage({ rows: 64 }).file);
    const headers = { "accept-encoding": "deflate, gzip" };
    const tags = await ask(server.url, `GET /instances/${ID}/tags`, { headers });
    expect(tags.headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(tags.bytes).toString())).toHaveProperty(["0008,0060", "Value"], "CT");
    const deflated = await ask(server.url, `GET /instances/${ID}/tags`, { headers: { "accept-encoding": "deflate" } });
    expect(deflated.headers["content-encoding"]).toBe("deflate");
    for (const path of ["/tools/now", `/instances/${ID}/file`]) {
      expect((await ask(server.url, `GET ${path}`, { headers })).headers["content-encoding"]).toBeUndefined();
    }
    expect((await ask(server.url, `GET /instances/${ID}/tags`)).headers["content-encoding"]).toBeUndefined();
  });

  it("compression is off by default", async () => {
    const server = await serverForTest();
    const { headers } = await ask(server.url, "GET /system", { headers: { "accept-encoding": "gzip" } });
    expect([headers["content-encoding"], headers.connection, headers["keep-alive"]]).toEqual([
      undefined,
      "keep-alive",
      "timeout=1",
    ]);
  });

  it("KeepAlive off: each connection is closed", async () => {
    const server = await serverForTest({ KeepAlive: false });
    expect((await ask(server.url, "GET /system")).headers.connection).toBe("close");
  });
});

describe("options of the archive", () => {
  it("ExtraMainDicomTags are told, searched and answered", async () => {
    const server = await serverForTest({ ExtraMainDicomTags: { Series: ["FrameOfReferenceUID"] } });
    await upload(server.url, makeImage({ rows: 8 }).file);
    const { MainDicomTags } = await askJson<{ MainDicomTags: Record<string, string> }>(server.url, "GET /system");
    expect(MainDicomTags["Series"]).toContain("0020,0052");
    const [series] = await askJson<{ MainDicomTags: object }[]>(server.url, "GET /series?expand");
    expect(series?.MainDicomTags).toHaveProperty("FrameOfReferenceUID", expect.stringMatching(/^[\d.]+$/));
  });

  it("StoreDicom off keeps the index only", async () => {
    const server = await serverForTest({ StoreDicom: false });
    const { ID } = await upload(server.url, makeImage({ rows: 8 }).file);
    expect(await askJson(server.url, `GET /instances/${ID}`)).toMatchObject({ ID });
    expect((await ask(server.url, `GET /instances/${ID}/file`)).status).toBe(404);
  });

  it("StorageCompression keeps files smaller and gives them as they were", async () => {
    const server = await serverForTest({ StorageCompression: true });
    const body = makeImage({ rows: 128 }).file;
    const { ID } = await upload(server.url, body);
    const info = await askJson<Record<string, unknown>>(server.url, `GET /instances/${ID}/attachments/dicom/info`);
    expect(info).toMatchObject({ UncompressedSize: body.length, ContentType: 1 });
    expect(info["CompressedSize"]).toBeLessThan(body.length / 2);
    expect((await ask(server.url, `GET /instances/${ID}/file`)).bytes.equals(body)).toBe(true);
    expect((await ask(server.url, `GET /instances/${ID}/attachments/dicom/is-compressed`)).text()).toBe("1");
  });
});
