import { request as httpsRequest, type RequestOptions } from "node:https";
import { beforeAll, describe, expect, it } from "vitest";
import { route, startServer } from "../../test/http-server.ts";
import { hasTool } from "../../test/debian-tool.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "../../test/tls-certificates.ts";
import { text } from "./reply.ts";
import type { ServerTls } from "./tls-options.ts";

const routes = [route("GET", "/secure", (request) => text(String(request.secure)))];

describe.skipIf(!hasTool("openssl"))("HTTPS (behaviour §1.5)", () => {
  let authority: TestAuthority;
  let own: IssuedCertificate;
  let tls: ServerTls;
  let ca: string;
  beforeAll(() => {
    authority = createTestAuthority("Test CA");
    own = authority.issue({ name: "server", hosts: ["IP:127.0.0.1"] });
    tls = { certificate: own.certificate + own.key, minimumProtocolVersion: 4 };
    ca = authority.certificate;
  });

  it("takes certificate and key from one PEM text", async () => {
    const server = await startServer(routes, { tls });
    expect(await get(server.port, { ca })).toBe("true");
    await server.close();
  });

  it("speaks TLS 1.2 with Orthanc's ciphers and TLS 1.3, and nothing older than it is told", async () => {
    const server = await startServer(routes, { tls });
    expect(await get(server.port, { ca, maxVersion: "TLSv1.2" })).toBe("true");
    expect(await get(server.port, { ca, minVersion: "TLSv1.3" })).toBe("true");
    await expect(
      get(server.port, { ca, maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" }),
    ).rejects.toThrow();
    await server.close();
    const strict = await startServer(routes, { tls: { ...tls, minimumProtocolVersion: 5 } });
    await expect(get(strict.port, { ca, maxVersion: "TLSv1.2" })).rejects.toThrow();
    await strict.close();
  });

  it("takes the ciphers it is told", async () => {
    const server = await startServer(routes, { tls: { ...tls, ciphers: ["ECDHE-ECDSA-CHACHA20-POLY1305"] } });
    const options = { ca, maxVersion: "TLSv1.2" } as const;
    expect(await get(server.port, { ...options, ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" })).toBe("true");
    await expect(get(server.port, { ...options, ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" })).rejects.toThrow();
    await server.close();
  });

  it("lets only clients with a trusted certificate in, with SslVerifyPeers", async () => {
    const clients = createTestAuthority("Client CA");
    const server = await startServer(routes, { tls: { ...tls, trustedClientCertificates: clients.certificate } });
    const client = clients.issue({ name: "client" });
    const stranger = createTestAuthority("Other CA").issue({ name: "stranger" });
    expect(await get(server.port, { ca, cert: client.certificate, key: client.key })).toBe("true");
    await expect(get(server.port, { ca })).rejects.toThrow();
    await expect(get(server.port, { ca, cert: stranger.certificate, key: stranger.key })).rejects.toThrow();
    await server.close();
  });

  it("refuses to start with a text that is no certificate with a key", async () => {
    const start = (text: string) => startServer(routes, { tls: { ...tls, certificate: text } });
    await expect(start(own.certificate)).rejects.toMatchObject({
      errorName: "SslInitialization",
      details: "SslCertificate: the PEM file has no private key",
    });
    await expect(start("nothing")).rejects.toMatchObject({ errorName: "SslInitialization" });
    const other = authority.issue({ name: "other" });
    await expect(start(own.certificate + other.key)).rejects.toMatchObject({ errorName: "SslInitialization" });
    await expect(startServer(routes, { tls: { ...tls, minimumProtocolVersion: 9 } })).rejects.toMatchObject({
      details: "SslMinimumProtocolVersion must be 0 to 5, but is 9",
    });
  });
});

function get(port: number, options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: "127.0.0.1", port, path: "/secure", agent: false, ...options }, (answer) => {
      answer.setEncoding("utf8").on("data", resolve);
    });
    request.on("error", reject).end();
  });
}
