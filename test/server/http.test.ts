import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeImage } from "../phantoms/study.ts";
import { ask, askJson, type Answer } from "./ask.ts";
import { type Stored, upload } from "./upload.ts";

const { file, uids } = makeImage({ rows: 8 });
const unknown = "00000000-00000000-00000000-00000000-00000000";

describe("the HTTP interface", () => {
  let server: TestServer;
  let stored: Stored;
  beforeAll(async () => {
    server = await startTestServer({ ServeFolders: { "/served": "." } });
    stored = await upload(server.url, file);
  });
  afterAll(() => server.close());

  const send = (target: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> =>
    ask(server.url, target, { headers, ...(body === "" ? {} : { body }) });

  it("describes errors in JSON, sent as text/plain (behaviour §1.3)", async () => {
    const { status, headers, json, text } = await send(`GET /studies/${unknown}`);
    expect([status, headers["content-type"]]).toEqual([404, "text/plain"]);
    expect(json()).toMatchObject({
      HttpError: "Not Found",
      HttpStatus: 404,
      Message: "Unknown resource",
      Method: "GET",
      OrthancError: "Unknown resource",
      OrthancStatus: 17,
      Uri: `/studies/${unknown}`,
    });
    // Three blanks, keys in order.
    expect(text()).toMatch(/^\{\n {3}"(Details|HttpError)"/);
  });

  it.each([
    ["GET /no/such/route", 404, 17],
    [`GET /instances/${unknown}/tags`, 404, 17],
    [`GET /instances/${unknown}/file`, 404, 17],
    ["GET /studies?since=5", 400, 8],
    ["GET /changes?type=x", 400, 3],
    ["POST /instances", 400, 15],
    ["POST /tools/find", 400, undefined],
    ["GET /dicom-web/studies?fuzzymatching=maybe", 400, undefined],
    ["GET /dicom-web/studies/1.2.3/metadata", 404, 7],
    ["POST /dicom-web/studies", 415, 3000],
    ["GET /a/../system", 400, 12],
    ["GET /%2e%2e/system", 400, 12],
  ])("%s: %i, code %s", async (target, status, code) => {
    const answer = await send(target);
    expect([answer.status, answer.json()]).toEqual([
      status,
      expect.objectContaining({ HttpStatus: status, ...(code === undefined ? {} : { OrthancStatus: code }) }),
    ]);
  });

  it.each([
    ["GET /instances/ID/metadata/LastUpdate", 404],
    ["GET /instances/ID/labels/nothing", 404],
    [`DELETE /instances/${unknown}`, 404],
    ["GET /tools/generate-uid?level=galaxy", 404],
    ["GET /instances/ID/content/0010-9999", 404],
    ["GET /jobs/nothing", 404],
    ["POST /jobs/nothing/cancel", 400],
  ])("%s: %i without a body (behaviour §1.1)", async (target, status) => {
    const answer = await send(target.replace("ID", stored.ID));
    expect([answer.status, answer.text()]).toEqual([status, ""]);
  });

  it.each([
    ["POST /system", "GET"],
    ["DELETE /instances", "GET,POST"],
    ["PUT /instances/ID", "GET,DELETE"],
    ["GET /tools/find", "POST"],
    ["POST /dicom-web/studies/1/metadata", "GET"],
    ["DELETE /dicom-web/studies", "GET,POST"],
    ["POST /instances/ID/metadata/1024", "GET,PUT,DELETE"],
  ])("%s: 405, Allow: %s", async (target, allow) => {
    const answer = await send(target.replace("ID", stored.ID));
    expect([answer.status, answer.headers.allow, answer.text()]).toEqual([405, allow, ""]);
  });

  it("takes verbs from header and argument", async () => {
    const path = `/instances/${stored.ID}/metadata/1024`;
    const put = { "x-http-method-override": "PUT" };
    expect((await send(`POST ${path}`, put, "note")).status).toBe(200);
    expect((await send(`GET ${path}`)).text()).toBe("note");
    expect((await send(`GET ${path}?_method=delete`)).status).toBe(200);
    expect((await send(`GET ${path}`)).status).toBe(404);
    expect((await send(`GET ${path}?_method=patch`)).status).toBe(400);
  });

  it("knows no other verbs", async () => {
    for (const verb of ["HEAD", "OPTIONS"]) expect((await send(`${verb} /system`)).status).toBe(404);
    expect((await send("PATCH /system")).status).toBe(400);
  });

  it("tolerates slashes too many, decodes names, and does not read arguments but of GET", async () => {
    for (const path of ["/system/", "//system", "/system//?x=1"]) expect((await send(`GET ${path}`)).status).toBe(200);
    expect((await send("GET /%73ystem")).status).toBe(200);
    expect(await askJson(server.url, "GET /studies?%65xpand")).toEqual([expect.objectContaining({ Type: "Study" })]);
    expect((await send("POST /tools/find?Level=Study")).status).toBe(400);
  });

  it("JSON: three blanks, sorted keys, UTF-8", async () => {
    const { headers, text } = await send("GET /statistics");
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    const keys = [...text().matchAll(/^ {3}"(\w+)"/gm)].map(([, key = ""]) => key);
    expect(keys).toEqual(keys.toSorted());
    expect(keys).toHaveLength(8);
  });

  it("becomes XML where that is accepted (behaviour §1.2)", async () => {
    const { headers, text } = await send("GET /studies", { accept: "application/xml" });
    expect(headers["content-type"]).toBe("application/xml; charset=utf-8");
    expect(text()).toMatch(/<root>\s*<item>[0-9a-f-]{44}<\/item>\s*<\/root>/);
    const both = await send("GET /studies", { accept: "application/xml;application/json" });
    expect(both.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it("lists what is below some folders", async () => {
    const tools = await askJson<readonly string[]>(server.url, "GET /tools");
    expect(tools).toEqual(expect.arrayContaining(["find", "generate-uid", "lookup", "now"]));
    expect(tools).toEqual(tools.toSorted());
  });

  it("leads from / to the web interface, relatively", async () => {
    const { status, headers, text } = await send("GET /");
    expect([status, headers.location, text()]).toEqual([307, "app/", ""]);
  });

  /** One of each kind of answer. */
  const everywhere = [
    "GET /system",
    "GET /",
    "GET /app/",
    "GET /served/config.json",
    "GET /studies?expand",
    "GET /instances/ID/file",
    "GET /instances/ID/attachments/dicom/data",
    "GET /no/such/route",
    "POST /system",
    "POST /tools/find",
    "OPTIONS /instances",
    "OPTIONS /dicom-web/studies",
    "GET /dicom-web/studies",
    `GET /dicom-web/studies/${uids.StudyInstanceUID}`,
    `GET /dicom-web/studies/${uids.StudyInstanceUID}/metadata`,
    `GET /wado?requestType=WADO&objectUID=${uids.SOPInstanceUID}&contentType=application/dicom`,
    "GET /dicom-web/servers",
    "GET /gcp/accounts",
    "GET /jobs",
  ];

  it.each(everywhere)("%s: no CORS headers, and no guessing of types", async (target) => {
    const { headers } = await send(target.replace("ID", stored.ID), {
      origin: server.url,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "authorization",
    });
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("lets no page of another origin change anything", async () => {
    for (const target of ["POST /instances", "DELETE /instances/ID", "POST /tools/find", "POST /tools/shutdown"]) {
      const headers = { origin: "http://evil.example", "content-type": "text/plain" };
      expect((await send(target.replace("ID", stored.ID), headers, "{}")).status).toBe(403);
    }
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountInstances: 1 });
  });
});

describe("absolute URLs (behaviour §13)", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await upload(server.url, file);
  });
  afterAll(() => server.close());

  const study = `studies/${uids.StudyInstanceUID}`;

  it.each([
    [{ host: "pacs.example" }, "http://pacs.example/dicom-web/"],
    [{ host: "pacs.example:8042" }, "http://pacs.example:8042/dicom-web/"],
    [{ host: "[::1]:8042" }, "http://[::1]:8042/dicom-web/"],
    [{ forwarded: "host=pacs.example;proto=https" }, "https://pacs.example/dicom-web/"],
    [
      { forwarded: 'for=1.2.3.4;proto=https;host="pacs.example:444", host=inner' },
      "https://pacs.example:444/dicom-web/",
    ],
    [{ forwarded: "FOR=1.2.3.4; Host=pacs.example; Proto=HTTPS" }, "https://pacs.example/dicom-web/"],
    [{ "x-forwarded-host": "pacs.example", "x-forwarded-proto": "https" }, "https://pacs.example/dicom-web/"],
    [{ "x-forwarded-host": "pacs.example", host: "inner" }, "http://inner/dicom-web/"],
    [
      { "x-forwarded-host": "outer", "x-forwarded-proto": "https", forwarded: "host=other;proto=http" },
      "https://outer/dicom-web/",
    ],
    [
      { "x-forwarded-host": "outer, inner", "x-forwarded-proto": "https, http", "x-forwarded-prefix": "/pacs/" },
      "https://outer/pacs/dicom-web/",
    ],
    [{ forwarded: 'host="a/<script>";proto=https', host: "pacs.example" }, "http://pacs.example/dicom-web/"],
  ] as readonly [Record<string, string>, string][])("%j: %s", async (headers, base) => {
    const [found] = await askJson<Record<string, object>[]>(server.url, "GET /dicom-web/studies", { headers });
    expect(found?.["00081190"]).toEqual({ vr: "UR", Value: [`${base}${study}`] });
  });

  it("Host, Ssl and PublicRoot of DicomWeb go before what requests say", async () => {
    const fixed = await startTestServer({
      DicomWeb: { Host: "public.example", Ssl: true, PublicRoot: "/imaging/dicom-web/" },
    });
    await upload(fixed.url, file);
    const headers = { forwarded: "host=other;proto=http" };
    const [found] = await askJson<Record<string, object>[]>(fixed.url, "GET /dicom-web/studies", { headers });
    expect(found?.["00081190"]).toEqual({ vr: "UR", Value: [`https://public.example/imaging/dicom-web/${study}`] });
    await fixed.close();
  });
});
