import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeImage } from "../phantoms/study.ts";
import { createTestAuthority } from "../tls-certificates.ts";
import { ask, askJson } from "./ask.ts";
import { folderForTest, serverForTest } from "./server-for-test.ts";
import type { Stored } from "./upload.ts";

const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString("base64")}` });

/** An address of this machine that other machines would use. */
const outer = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry?.family === "IPv4" && !entry.internal)?.address;

const throughOuter = ({ url }: TestServer): string => url.replace("localhost", outer ?? "");

describe("authentication (behaviour §1.5)", () => {
  it("guards everything, and notes who sent an instance", async () => {
    const server = await serverForTest({ AuthenticationEnabled: true, RegisteredUsers: { alice: "s:cret" } });
    for (const path of ["/system", "/", "/app/", "/dicom-web/studies", "/no-such-thing"]) {
      const { status, headers, text } = await ask(server.url, `GET ${path}`);
      expect([status, headers["www-authenticate"], text()]).toEqual([401, 'Basic realm="Orthanc Secure Area"', ""]);
    }
    const headers = basic("alice:s:cret");
    expect((await ask(server.url, "GET /system", { headers: basic("alice:secret") })).status).toBe(401);
    const body = makeImage({ rows: 8 }).file;
    const { ID } = await askJson<Stored>(server.url, "POST /instances", { headers, body });
    expect((await ask(server.url, `GET /instances/${ID}/metadata/HttpUsername`, { headers })).text()).toBe("alice");
    expect(await askJson(server.url, "GET /system", { headers })).toMatchObject({ IsHttpServerSecure: true });
    expect(server.logged.join("\n")).not.toContain("s:cret");
  });

  it("is on with remote access, and needs users then (code 47)", async () => {
    const folder = await folderForTest();
    await expect(startTestServer({ RemoteAccessAllowed: true }, { folder })).rejects.toMatchObject({
      row: { code: 47 },
      details: expect.stringContaining("RegisteredUsers"),
    });
    const server = await serverForTest({ RemoteAccessAllowed: true, RegisteredUsers: { orthanc: "orthanc" } });
    expect((await ask(server.url, "GET /system")).status).toBe(401);
    const headers = basic("orthanc:orthanc");
    expect(await askJson(server.url, "GET /system", { headers })).toMatchObject({ IsHttpServerSecure: false });
  });
});

describe.skipIf(outer === undefined)("other machines", () => {
  it("are refused with 401 unless RemoteAccessAllowed", async () => {
    const closed = await serverForTest();
    const { status, headers } = await ask(throughOuter(closed), "GET /system");
    expect([status, headers["www-authenticate"]]).toEqual([401, 'Basic realm="Orthanc Secure Area"']);
    const open = await serverForTest({ RemoteAccessAllowed: true, AuthenticationEnabled: false });
    expect((await ask(throughOuter(open), "GET /system")).status).toBe(200);
  });

  it("do not reach a server that HttpBindAddresses keeps to this machine", async () => {
    const server = await serverForTest({
      HttpBindAddresses: ["127.0.0.1"],
      RemoteAccessAllowed: true,
      AuthenticationEnabled: false,
    });
    await expect(ask(throughOuter(server), "GET /system")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect((await ask(server.url.replace("localhost", "127.0.0.1"), "GET /system")).status).toBe(200);
  });
});

const https = ({ url }: TestServer): string => url.replace("http:", "https:");

describe("TLS", () => {
  const authority = createTestAuthority("Greyhaven test");
  const own = authority.issue({ name: "localhost", hosts: ["DNS:localhost"] });
  const files = { "server.pem": own.certificate + own.key, "clients.pem": authority.certificate };
  const ca = authority.certificate;

  it("serves HTTPS with the certificate and key of one file, and no plain HTTP", async () => {
    const server = await serverForTest({ SslEnabled: true, SslCertificate: "server.pem" }, { files });
    expect((await ask(https(server), "GET /system", { tls: { ca } })).status).toBe(200);
    await expect(ask(https(server), "GET /system")).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    const plain = await ask(server.url, "GET /system").catch((error: unknown) => error);
    expect(plain).not.toMatchObject({ status: 200 });
  });

  it("makes https URLs", async () => {
    const server = await serverForTest({ SslEnabled: true, SslCertificate: "server.pem" }, { files });
    const { uids, file } = makeImage({ rows: 8 });
    const tls = { ca };
    await askJson(https(server), "POST /instances", { tls, body: file });
    const [study] = await askJson<Record<string, object>[]>(https(server), "GET /dicom-web/studies", { tls });
    expect(study?.["00081190"]).toEqual({
      vr: "UR",
      Value: [`${https(server)}/dicom-web/studies/${uids.StudyInstanceUID}`],
    });
  });

  it("demands a client's certificate of a trusted authority (SslVerifyPeers)", async () => {
    const server = await serverForTest(
      {
        SslEnabled: true,
        SslCertificate: "server.pem",
        SslVerifyPeers: true,
        SslTrustedClientCertificates: "clients.pem",
      },
      { files },
    );
    const client = authority.issue({ name: "client" });
    const tls = { ca, cert: client.certificate, key: client.key };
    expect((await ask(https(server), "GET /system", { tls })).status).toBe(200);
    await expect(ask(https(server), "GET /system", { tls: { ca } })).rejects.toThrow();
    const stranger = createTestAuthority("Stranger").issue({ name: "client" });
    const strange = { ca, cert: stranger.certificate, key: stranger.key };
    await expect(ask(https(server), "GET /system", { tls: strange })).rejects.toThrow();
  });

  it("does not start without its certificate, which the error names", async () => {
    const folder = await folderForTest();
    const configuration = { SslEnabled: true, SslCertificate: "missing.pem" };
    await expect(startTestServer(configuration, { folder })).rejects.toThrow("missing.pem");
  });
});
