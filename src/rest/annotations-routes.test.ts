import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import type { Route } from "../http/route.ts";
import { createAttachmentTypes } from "./attachment-types.ts";
import { attachmentsRoutes } from "./attachments-routes.ts";
import { type CallOptions, callRoute } from "../../test/call-route.ts";
import { changesRoutes } from "./changes-routes.ts";
import { exportsRoutes } from "./exports-routes.ts";
import { labelsRoutes } from "./labels-routes.ts";
import { metadataRoutes } from "./metadata-routes.ts";
import { createNumberedNames, systemMetadata } from "./numbered-names.ts";

const opened = await openMemoryArchive();
const { archive, catalog } = opened;
afterAll(() => opened.close());

const routesWith = (checkRevisions: boolean): readonly Route[] => [
  ...labelsRoutes({ catalog }),
  ...metadataRoutes({
    archive,
    catalog,
    checkRevisions,
    metadataNames: createNumberedNames(systemMetadata, { Comment: 1024 }),
  }),
  ...attachmentsRoutes({
    catalog,
    archive,
    checkRevisions,
    attachmentTypes: createAttachmentTypes({ report: [1025, "text/html"] }),
  }),
  ...changesRoutes({ catalog }),
  ...exportsRoutes({ catalog }),
];
const routes = routesWith(false);
const call = (target: string, options: CallOptions = {}) => callRoute(routes, target, options);
const jsonOf = async (target: string) => (await call(target)).json();

const { file } = makeImage({ rows: 8 });
const crc = (data: Buffer) => crc32(data).toString(16).padStart(8, "0");
const md5 = (data: string | Buffer) => createHash("md5").update(data).digest("hex");
const { identifiers } = await archive.ingest(file, { kind: "RestApi", remoteIp: "127.0.0.1" });
const instance = `/instances/${identifiers.Instance}`;
const study = `/studies/${identifiers.Study}`;

describe("labels", () => {
  test("are added, tested, listed and removed, each as often as you like", async () => {
    expect(await jsonOf(`GET ${study}/labels`)).toEqual([]);
    for (const label of ["b", "a", "a"]) expect((await call(`PUT ${study}/labels/${label}`)).status).toBe(200);
    expect(await jsonOf(`GET ${study}/labels`)).toEqual(["a", "b"]);
    expect(await jsonOf("GET /tools/labels")).toEqual(["a", "b"]);
    const has = await call(`GET ${study}/labels/a`);
    expect([has.status, has.text()]).toEqual([200, ""]);
    expect((await call(`DELETE ${study}/labels/a`)).status).toBe(200);
    expect((await call(`DELETE ${study}/labels/a`)).status).toBe(200);
    const missing = await call(`GET ${study}/labels/a`);
    expect([missing.status, missing.text()]).toEqual([404, ""]);
  });

  test("have 1 to 64 letters, digits, _ or -", async () => {
    for (const label of ["a%20b", "a.b", "x".repeat(65)]) {
      expect((await call(`PUT ${study}/labels/${label}`)).json()).toMatchObject({ error: "ParameterOutOfRange" });
    }
  });

  test("of another level or an unknown resource are an error", async () => {
    expect(await jsonOf(`GET /series/${identifiers.Study}/labels`)).toMatchObject({ error: "UnknownResource" });
    expect((await call("PUT /studies/nothing/labels/a")).json()).toMatchObject({ error: "UnknownResource" });
  });
});

describe("metadata", () => {
  test("of the system are listed by name, by number and with values", async () => {
    expect(await jsonOf(`GET ${instance}/metadata`)).toEqual(
      expect.arrayContaining(["IndexInSeries", "ReceptionDate", "Origin", "TransferSyntax", "SopClassUid", "RemoteIP"]),
    );
    expect(await jsonOf(`GET ${instance}/metadata?numeric`)).toEqual(expect.arrayContaining([1, 2, 8, 9, 10, 11]));
    expect(await jsonOf(`GET ${instance}/metadata?expand`)).toMatchObject({ Origin: "RestApi", RemoteIP: "127.0.0.1" });
    expect(await jsonOf(`GET ${instance}/metadata?expand&numeric`)).toMatchObject({ "8": "RestApi" });
  });

  test("are read with an ETag of revision and MD5", async () => {
    const { text, type, headers } = await call(`GET ${instance}/metadata/Origin`);
    // The ETag as Debian's Orthanc 1.10.1 gives it for the same text.
    expect([text(), type, headers["ETag"]]).toEqual(["RestApi", "text/plain", '"0-6a51804f85f17e32298545094d1ebafb"']);
    const known = { headers: { "if-none-match": '"0-6a51804f85f17e32298545094d1ebafb"' } };
    expect((await call(`GET ${instance}/metadata/Origin`, known)).status).toBe(304);
  });

  test("of the system cannot be written", async () => {
    for (const method of ["PUT", "DELETE"]) {
      const { status, text } = await call(`${method} ${instance}/metadata/Origin`, { body: "me" });
      expect([status, text()]).toEqual([403, ""]);
    }
  });

  test("that are absent: an empty 404; unknown names and resources: errors", async () => {
    const missing = await call(`GET ${instance}/metadata/4000`);
    expect([missing.status, missing.text()]).toEqual([404, ""]);
    expect(await jsonOf(`GET ${instance}/metadata/Nothing`)).toMatchObject({ error: "InexistentItem" });
    expect(await jsonOf("GET /instances/nothing/metadata")).toMatchObject({ error: "UnknownResource" });
    expect((await call(`DELETE ${instance}/metadata/4000`)).json()).toMatchObject({ error: "UnknownResource" });
  });

  test("of users are written, overwritten and removed, each a change", async () => {
    const path = `${study}/metadata/Comment`;
    const created = await call(`PUT ${path}`, { body: "Grüße" });
    expect([created.status, created.type, created.text()]).toEqual([200, "text/plain", ""]);
    expect(created.headers["ETag"]).toBe(`"0-${md5("Grüße")}"`);
    expect((await call(`GET ${study}/metadata/1024`)).text()).toBe("Grüße");
    expect((await call(`PUT ${path}`, { body: "2" })).headers["ETag"]).toBe(`"1-${md5("2")}"`);
    expect((await call(`DELETE ${path}`)).status).toBe(200);
    expect((await call(`GET ${path}`)).status).toBe(404);
    expect(await jsonOf("GET /changes?type=UpdatedMetadata")).toMatchObject({
      Changes: Array.from({ length: 3 }, () => ({ ChangeType: "UpdatedMetadata", ResourceType: "Study", Path: study })),
    });
  });

  test("are guarded by If-Match, which CheckRevisions demands", async () => {
    const path = `${study}/metadata/2000`;
    const checked = routesWith(true);
    await callRoute(checked, `PUT ${path}`, { body: "1" });
    expect((await callRoute(checked, `PUT ${path}`, { body: "2" })).status).toBe(409);
    const wrong = { body: "2", headers: { "if-match": `"7-${md5("1")}"` } };
    expect((await call(`PUT ${path}`, wrong)).status).toBe(409);
    const right = { body: "2", headers: { "if-match": `"0-${md5("1")}"` } };
    expect((await callRoute(checked, `PUT ${path}`, right)).status).toBe(200);
    expect((await callRoute(checked, `DELETE ${path}`)).status).toBe(409);
  });
});

describe("attachments", () => {
  test("are listed by name, with their numbers, and with what can be done", async () => {
    expect(await jsonOf(`GET ${instance}/attachments`)).toEqual(["dicom"]);
    expect(await jsonOf(`GET ${instance}/attachments?full`)).toEqual({ dicom: 1 });
    expect(await jsonOf(`GET ${study}/attachments`)).toEqual([]);
    expect(await jsonOf(`GET ${instance}/attachments/dicom`)).toEqual([
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
  });

  test("tell their sizes and MD5", async () => {
    const path = `GET ${instance}/attachments/dicom`;
    expect((await call(`${path}/size`)).text()).toBe(String(file.length));
    expect((await call(`${path}/compressed-size`)).text()).toBe(String(file.length));
    expect((await call(`${path}/md5`)).text()).toBe(md5(file));
    expect((await call(`${path}/is-compressed`)).text()).toBe("0");
    expect(await jsonOf(`${path}/info`)).toEqual({
      CompressedMD5: md5(file),
      CompressedSize: file.length,
      ContentType: 1,
      UncompressedMD5: md5(file),
      UncompressedSize: file.length,
      Uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("give their data, whole or a range, under a name", async () => {
    const path = `GET ${instance}/attachments/dicom/data`;
    const whole = await call(path);
    expect(whole.bytes.equals(file)).toBe(true);
    expect([whole.type, whole.headers["ETag"]]).toEqual(["application/dicom", `"0-${crc(file)}"`]);
    expect(whole.headers["Content-Disposition"]).toMatch(/^filename="[0-9a-f-]{36}\.dcm"$/);
    expect((await call(`${path}?filename=a.dcm`)).headers["Content-Disposition"]).toBe('filename="a.dcm"');
    const range = { headers: { range: "bytes=128-131" } };
    for (const part of [await call(path, range), await call(path.replace("/data", "/compressed-data"), range)]) {
      expect([part.status, part.text(), part.type]).toEqual([206, "DICM", "application/octet-stream"]);
      expect(part.headers["Content-Range"]).toBe(`bytes 128-131/${file.length}`);
    }
    expect((await call(path, { headers: { range: `bytes=0-${file.length}` } })).status).toBe(416);
    expect((await call(path, { headers: { "if-none-match": `"0-${crc(file)}"` } })).status).toBe(304);
  });

  test("are compressed, verified and uncompressed", async () => {
    const path = `${instance}/attachments/dicom`;
    expect((await call(`POST ${path}/compress`)).text()).toBe("{}");
    expect((await call(`GET ${path}/is-compressed`)).text()).toBe("1");
    expect((await call(`GET ${path}/data`)).bytes.equals(file)).toBe(true);
    // zlib after its size as 8 bytes, little endian.
    expect((await call(`GET ${path}/compressed-data`)).bytes.readBigUInt64LE(0)).toBe(BigInt(file.length));
    expect((await call(`POST ${path}/verify-md5`)).text()).toBe("{}");
    expect((await call(`POST ${path}/uncompress`)).text()).toBe("{}");
    expect((await call(`GET ${path}/compressed-data`)).bytes.equals(file)).toBe(true);
  });

  test("of users are written, replaced and removed", async () => {
    const path = `${study}/attachments/report`;
    const created = await call(`PUT ${path}`, { body: "<p>" });
    expect([created.text(), created.headers["ETag"]]).toEqual(["{}", `"0-${md5("<p>")}"`]);
    expect((await call(`GET ${path}/data`)).type).toBe("text/html");
    expect((await call(`PUT ${study}/attachments/1025`, { body: "<b>" })).headers["ETag"]).toBe(`"1-${md5("<b>")}"`);
    expect((await call(`GET ${path}/data`)).text()).toBe("<b>");
    const conflict = await callRoute(routesWith(true), `DELETE ${path}`);
    expect(conflict.status).toBe(409);
    // The second time there is nothing to do.
    for (const _ of [1, 2]) expect((await call(`POST ${path}/compress`)).text()).toBe("{}");
    expect((await call(`DELETE ${path}`)).status).toBe(200);
    expect((await call(`GET ${path}/data`)).json()).toMatchObject({ error: "UnknownResource" });
    expect((await call(`POST ${path}/compress`)).json()).toMatchObject({ error: "UnknownResource" });
    const unverified = await call(`POST ${path}/verify-md5`);
    expect([unverified.status, unverified.text()]).toEqual([400, ""]);
    expect(await jsonOf("GET /changes?type=UpdatedAttachment")).toMatchObject({
      Changes: [{ ID: identifiers.Study }, {}, {}, {}],
    });
  });

  test("of the system cannot be written; unknown names are errors", async () => {
    expect((await call(`PUT ${instance}/attachments/dicom`, { body: "x" })).status).toBe(403);
    expect((await call(`DELETE ${instance}/attachments/dicom`)).status).toBe(403);
    expect(await jsonOf(`GET ${instance}/attachments/nothing`)).toMatchObject({ error: "InexistentItem" });
    expect(await jsonOf(`GET ${instance}/attachments/4000/data`)).toMatchObject({ error: "UnknownResource" });
    expect(await jsonOf("GET /studies/nothing/attachments")).toMatchObject({ error: "UnknownResource" });
  });
});

describe("logs", () => {
  test("changes come in pages", async () => {
    const first = await jsonOf("GET /changes?limit=2");
    // The order in which Orthanc logs the levels of a new instance.
    expect(first).toEqual({
      Changes: [
        {
          ChangeType: "NewInstance",
          Date: expect.stringMatching(/^\d{8}T\d{6}$/),
          ID: identifiers.Instance,
          Path: instance,
          ResourceType: "Instance",
          Seq: 1,
        },
        expect.objectContaining({ ChangeType: "NewSeries", ResourceType: "Series", Seq: 2 }),
      ],
      Done: false,
      First: 1,
      Last: 2,
    });
    expect(await jsonOf("GET /changes?since=2&limit=2")).toMatchObject({
      Changes: [{ ChangeType: "NewStudy" }, { ChangeType: "NewPatient" }],
    });
  });

  test("the last change, an empty page, bad numbers and bad kinds", async () => {
    expect(await jsonOf("GET /changes?last")).toMatchObject({ Changes: [{}], Done: true });
    const { Last } = (await jsonOf("GET /changes?last")) as { Last: number };
    expect(await jsonOf("GET /changes?since=1000")).toEqual({ Changes: [], Done: true, Last });
    expect(await jsonOf("GET /changes?since=abc&limit=1")).toMatchObject({ First: 1 });
    expect((await call("GET /changes?type=Nothing")).status).toBe(400);
  });

  test("exports name the resource by its DICOM identifiers", async () => {
    expect(await jsonOf("GET /exports")).toEqual({ Done: true, Exports: [], Last: 0 });
    await catalog.recordExport({ level: "Study", publicId: identifiers.Study }, "PACS", "20260102T030405");
    const page = {
      Done: true,
      Exports: [
        {
          Date: "20260102T030405",
          ID: identifiers.Study,
          Path: study,
          PatientID: "PHANTOM-1",
          RemoteModality: "PACS",
          ResourceType: "Study",
          Seq: 1,
          StudyInstanceUID: expect.stringMatching(/^[0-9.]+$/),
        },
      ],
      Last: 1,
    };
    expect(await jsonOf("GET /exports")).toEqual(page);
    expect(await jsonOf("GET /exports?last")).toEqual(page);
    expect(await jsonOf("GET /exports?since=5")).toEqual({ Done: true, Exports: [], Last: 5 });
    expect((await call("DELETE /exports")).status).toBe(200);
    expect(await jsonOf("GET /exports")).toMatchObject({ Exports: [] });
  });

  test("changes are cleared", async () => {
    expect((await call("DELETE /changes")).status).toBe(200);
    expect(await jsonOf("GET /changes")).toMatchObject({ Changes: [], Done: true });
  });
});
