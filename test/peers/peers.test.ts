import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startOrthanc, type OrthancProcess } from "../differential/orthanc-process.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "../server/ask.ts";
import { folderForTest, serverForTest } from "../server/server-for-test.ts";
import { upload, uploadStudy } from "../server/upload.ts";

const implicit = "1.2.840.10008.1.2";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    LogExportedResources: true,
    OrthancPeers: { short: ["http://localhost:1/", "alice", "very-secret"] },
  });
});
afterAll(() => server.close());

/** Number of instances that a server holds. */
async function instancesOf(url: string): Promise<number> {
  return (await askJson<readonly string[]>(url, "GET /instances")).length;
}

interface SeenUpload {
  readonly headers: IncomingMessage["headers"];
  readonly url: string | undefined;
  readonly body: Buffer;
}

/** A server that answers every upload with `status`, and remembers it. */
async function fakePeer(status: number): Promise<{ readonly url: string; readonly seen: readonly SeenUpload[] }> {
  const seen: SeenUpload[] = [];
  const peer = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
      seen.push({ headers: request.headers, url: request.url, body });
      response.writeHead(status, { "content-type": "application/json" }).end('{"Message":"Storage is closed"}');
    })();
  }).listen(0);
  await once(peer, "listening");
  onTestFinished(() => {
    peer.closeAllConnections();
    peer.close();
  });
  const address = peer.address();
  return { url: `http://localhost:${typeof address === "object" ? address?.port : ""}/under/`, seen };
}

describe("the list of peers", () => {
  it("has those of the configuration, without their secrets", async () => {
    expect(await askJson(server.url, "GET /peers")).toEqual(["short"]);
    const definition = {
      HttpHeaders: [],
      Password: null,
      Pkcs11: false,
      Timeout: 0,
      Url: "http://localhost:1/",
      Username: "alice",
    };
    expect(await askJson(server.url, "GET /peers?expand")).toEqual({ short: definition });
    expect(await askJson(server.url, "GET /peers/short/configuration")).toEqual(definition);
    expect(await askJson(server.url, "GET /peers/short")).toEqual([
      "configuration",
      "store",
      "store-straight",
      "system",
    ]);
  });

  it("is changed by PUT and DELETE", async () => {
    const body = { URL: "http://localhost:1", HttpHeaders: { "X-Token": "very-secret" }, Timeout: 5, Site: "north" };
    const put = await ask(server.url, "PUT /peers/own", { body });
    expect([put.status, put.text()]).toEqual([200, ""]);
    expect(await askJson(server.url, "GET /peers/own/configuration")).toEqual({
      HttpHeaders: ["X-Token"],
      Pkcs11: false,
      Site: "north",
      Timeout: 5,
      Url: "http://localhost:1/",
    });
    expect((await ask(server.url, "DELETE /peers/own")).status).toBe(200);
    expect((await ask(server.url, "GET /peers/own")).status).toBe(404);
    expect(server.logged.join("\n")).not.toContain("very-secret");
  });

  it.each([
    ["GET /peers/none/configuration", undefined, 404, 17],
    ["GET /peers/none/system", undefined, 404, 17],
    ["DELETE /peers/none", undefined, 404, 7],
    ["POST /peers/none/store", ["da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709"], 404, 17],
    ["POST /peers/none/store-straight", "x", 404, 17],
    ["POST /peers/short/store", {}, 400, 15],
    ["POST /peers/short/store", "", 400, 15],
    ["POST /peers/short/store", ["nope"], 400, 15],
    ["POST /peers/short/store", ["da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709"], 404, 17],
    ["PUT /peers/a%20b", ["http://localhost:1/"], 400, 15],
    ["PUT /peers/bad", { Username: "x" }, 400, 15],
    ["PUT /peers/bad", [], 400, 15],
    ["PUT /peers/bad", ["ftp://localhost/"], 400, 15],
    ["PUT /peers/bad", ["http://localhost/", "x"], 400, 15],
  ])("%s %j is refused", async (target, body, status, orthancStatus) => {
    const answer = await ask(server.url, target, body === undefined ? {} : { body });
    expect([answer.status, answer.json()]).toMatchObject([status, { OrthancStatus: orthancStatus }]);
  });

  it("is kept with OrthancPeersInDatabase, and lost without", async () => {
    const folder = await folderForTest();
    const names: unknown[] = [];
    for (const OrthancPeersInDatabase of [true, true, false]) {
      const one = await startTestServer({ OrthancPeersInDatabase, OrthancPeers: { given: ["http://a/"] } }, { folder });
      names.push(await askJson(one.url, "GET /peers"));
      await ask(one.url, "PUT /peers/kept", { body: ["http://b/", "user", "password"] });
      await one.close();
    }
    expect(names).toEqual([["given"], ["given", "kept"], ["given"]]);
  });
});

describe("sending to a peer", () => {
  it("uploads a study as it is stored, with name, password and headers of the definition", async () => {
    const peer = await fakePeer(200);
    const body = { Url: peer.url, Username: "alice", Password: "secret", HttpHeaders: { "X-Site": "north" } };
    await ask(server.url, "PUT /peers/fake", { body });
    const study = [...makeStudy({ rows: 8, instances: 2, seed: 21 })];
    const [{ ParentStudy }] = await uploadStudy(server.url, { instances: 2, seed: 21 });
    const content = await askJson(server.url, "POST /peers/fake/store", { body: ParentStudy });
    expect(content).toEqual({
      Compress: false,
      Description: "REST API",
      FailedInstancesCount: 0,
      InstancesCount: 2,
      ParentResources: [ParentStudy],
      Resources: [{ ID: ParentStudy, Type: "Study" }],
      Peer: { HttpHeaders: ["X-Site"], Pkcs11: false, Timeout: 0, Url: peer.url, Username: "alice" },
      Size: String(study.reduce((sum, { file }) => sum + file.length, 0)),
      SizeMB: 0,
    });
    expect(peer.seen.map(({ body }) => body)).toEqual(study.map(({ file }) => file));
    expect(peer.seen[0]).toMatchObject({
      url: "/under/instances",
      headers: {
        authorization: `Basic ${Buffer.from("alice:secret").toString("base64")}`,
        "content-type": "application/dicom",
        "x-site": "north",
      },
    });
    const { Exports } = await askJson<{ readonly Exports: readonly object[] }>(server.url, "GET /exports");
    expect(Exports).toEqual([expect.objectContaining({ ID: ParentStudy, RemoteModality: "fake" })]);
  });

  it("compresses when asked to", async () => {
    const peer = await fakePeer(200);
    await ask(server.url, "PUT /peers/gzip", { body: [peer.url] });
    const [phantom] = makeStudy({ rows: 64, instances: 1, seed: 22 });
    const { ID } = await upload(server.url, phantom?.file ?? Buffer.alloc(0));
    const content = await askJson<object>(server.url, "POST /peers/gzip/store", {
      body: { Resources: [ID], Compress: true },
    });
    const [seen] = peer.seen;
    expect(seen?.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(seen?.body ?? "").equals(phantom?.file ?? Buffer.alloc(0))).toBe(true);
    expect(content).toMatchObject({ Compress: true, Size: String(seen?.body.length), Peer: [peer.url] });
  });

  it("fails with what the peer says, or goes on when it may", async () => {
    const peer = await fakePeer(507);
    await ask(server.url, "PUT /peers/full", { body: [peer.url] });
    const [{ ParentSeries }] = await uploadStudy(server.url, { instances: 3, seed: 23 });
    const failed = await ask(server.url, "POST /peers/full/store", { body: [ParentSeries] });
    expect([failed.status, failed.json()]).toMatchObject([500, { OrthancStatus: 9 }]);
    expect(failed.text()).toMatch(/507.*Storage is closed/);
    expect(peer.seen).toHaveLength(1);
    const body = { Resources: [ParentSeries], Permissive: true };
    expect(await askJson(server.url, "POST /peers/full/store", { body })).toMatchObject({
      InstancesCount: 3,
      FailedInstancesCount: 3,
    });
    expect((await ask(server.url, "POST /peers/short/store", { body: [ParentSeries] })).json()).toMatchObject({
      OrthancStatus: 9,
    });
  });

  it("passes a file on without storing it, and asks for the system of the peer", async () => {
    const other = await serverForTest({ Name: "the other one" });
    await ask(server.url, "PUT /peers/other", { body: [other.url] });
    const before = await instancesOf(server.url);
    const [phantom] = makeStudy({ rows: 8, instances: 1, seed: 24 });
    const target = "POST /peers/other/store-straight";
    const answer = await askJson<{ readonly ID: string }>(server.url, target, { body: phantom?.file ?? "" });
    expect(answer).toMatchObject({ Status: "Success" });
    expect((await ask(other.url, `GET /instances/${answer.ID}/file`)).bytes.equals(phantom?.file ?? Buffer.of())).toBe(
      true,
    );
    expect(await instancesOf(server.url)).toBe(before);
    expect((await ask(server.url, target, { body: "no DICOM" })).json()).toMatchObject({ OrthancStatus: 9 });
    expect(await askJson(server.url, "GET /peers/other/system")).toMatchObject({ Name: "the other one" });
  });

  it("transcodes, and sends as it is what cannot be", async () => {
    const other = await serverForTest();
    await ask(server.url, "PUT /peers/transcoded", { body: [other.url] });
    const [{ ParentStudy, ID }] = await uploadStudy(server.url, { seed: 25 });
    const send = (Transcode: string) =>
      askJson(server.url, "POST /peers/transcoded/store", { body: { Resources: [ParentStudy], Transcode } });
    expect(await send(implicit)).toMatchObject({ Transcode: implicit, FailedInstancesCount: 0 });
    const syntax = `GET /instances/${ID}/metadata/TransferSyntax`;
    expect((await ask(other.url, syntax)).text()).toBe(implicit);
    await ask(other.url, `DELETE /instances/${ID}`);
    // Baseline JPEG has 8 bits.
    expect(await send("1.2.840.10008.1.2.4.50")).toMatchObject({ FailedInstancesCount: 0 });
    expect((await ask(other.url, syntax)).text()).toBe("1.2.840.10008.1.2.1");
  });
});

describe.skipIf(!hasTool("Orthanc"))("Debian's Orthanc as a peer", () => {
  let orthanc: OrthancProcess;
  beforeAll(async () => {
    orthanc = await startOrthanc({});
  }, 60_000);
  afterAll(() => orthanc.stop());

  it.each([
    ["as it is", {}],
    ["compressed", { Compress: true }],
    ["transcoded", { Transcode: implicit }],
  ])("takes a study %s", async (_, options) => {
    await ask(server.url, "PUT /peers/orthanc", { body: [orthanc.url] });
    const [{ ParentStudy, ID }] = await uploadStudy(server.url, { instances: 2, seed: 31 });
    const body = { Resources: [ParentStudy], ...options };
    await askJson(server.url, "POST /peers/orthanc/store", { body });
    expect(await instancesOf(orthanc.url)).toBe(2);
    const received = (await ask(orthanc.url, `GET /instances/${ID}/file`)).bytes;
    const sent = await ask(
      server.url,
      `GET /instances/${ID}/file${"Transcode" in options ? `?transcode=${implicit}` : ""}`,
    );
    expect(received.equals(sent.bytes)).toBe(true);
    await ask(orthanc.url, `DELETE /studies/${ParentStudy}`);
  });

  it("tells about itself", async () => {
    expect(await askJson(server.url, "GET /peers/orthanc/system")).toMatchObject({ ApiVersion: 16 });
  });

  it.each([{}, { Compress: true }])("sends a study with %j", async (options) => {
    await ask(orthanc.url, "PUT /peers/greyhaven", { body: [server.url] });
    const [phantom] = makeStudy({ rows: 8, instances: 1, seed: 32 });
    const { ID, ParentStudy } = await upload(orthanc.url, phantom?.file ?? Buffer.alloc(0));
    const body = { Resources: [ParentStudy], ...options };
    expect(await askJson(orthanc.url, "POST /peers/greyhaven/store", { body })).toMatchObject({
      FailedInstancesCount: 0,
    });
    const { bytes } = await ask(server.url, `GET /instances/${ID}/file`);
    expect(bytes.equals(phantom?.file ?? Buffer.of())).toBe(true);
    await ask(server.url, `DELETE /instances/${ID}`);
    expect(await askJson(orthanc.url, "GET /peers/greyhaven/system")).toMatchObject({ ApiVersion: 31 });
  });
});

describe("a job that sends to a peer", () => {
  it("keeps no password in the database", async () => {
    const peer = await fakePeer(200);
    await ask(server.url, "PUT /peers/secret", { body: [peer.url, "alice", "in-no-job"] });
    const [{ ID }] = await uploadStudy(server.url, { seed: 41 });
    await askJson(server.url, "POST /peers/secret/store", { body: [ID] });
    const jobs = (await ask(server.url, "GET /jobs?expand")).text();
    expect(jobs).toContain("OrthancPeerStore");
    expect(jobs).not.toContain("in-no-job");
    const storage = join(server.folder, "storage");
    const databases = (await readdir(storage)).filter((name) => name.startsWith("greyhaven.db"));
    expect(databases).not.toEqual([]);
    for (const name of databases) expect((await readFile(join(storage, name))).includes("in-no-job")).toBe(false);
  });
});
