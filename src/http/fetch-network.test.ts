import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../../test/debian-tool.ts";
import { createTestAuthority, type TestAuthority } from "../../test/tls-certificates.ts";
import { noLog } from "../util/log.ts";
import type { ClientRequest, HttpClientOptions } from "./client.ts";
import { createHttpClient } from "./fetch-client.ts";
import { NetworkError } from "./network-error.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function send(request: ClientRequest, options: Partial<HttpClientOptions> = {}): Promise<string> {
  const http = createHttpClient(
    { timeout: 5, verifyPeers: true, certificateAuthorities: undefined, proxy: undefined, verbose: false, ...options },
    noLog,
  );
  closing.push(() => http.close());
  const answer = await http.request(request);
  return `${answer.status} ${await answer.text()}`;
}

const get = (url: string, options: Partial<HttpClientOptions> = {}) => send({ method: "GET", url }, options);

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function answerWithClientName({ socket }: IncomingMessage, response: ServerResponse): void {
  response.end(socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject?.CN) : "plain");
}

async function failure(promise: Promise<string>): Promise<[string, string]> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof NetworkError)) throw new Error(`not a NetworkError: ${String(error)}`);
  return [error.layer, error.details ?? ""];
}

describe("a failure of the network", () => {
  it("names the layer and the host", async () => {
    expect(await failure(get("http://no-such-host.invalid/"))).toEqual([
      "dns",
      expect.stringMatching(/^no-such-host\.invalid \(dns\): the name /),
    ]);
    expect(await failure(get("http://127.0.0.1:1/"))).toEqual(["tcp", "127.0.0.1:1 (tcp): the connection was refused"]);
  });

  it("tells an answer that is not HTTP, nor TLS", async () => {
    const server = createTcpServer((socket) => socket.on("error", () => {}).end("220 mail.example ESMTP\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect(await failure(get(`http://127.0.0.1:${port}/`))).toEqual(["http", expect.stringContaining("is not HTTP")]);
    expect((await failure(get(`https://127.0.0.1:${port}/`)))[0]).toBe("tls");
  });

  it("refuses what is no URL of HTTP", async () => {
    await expect(get("ftp://user:secret@host/")).rejects.toMatchObject({
      errorName: "UriSyntax",
      details: "Not an http or https URL: ftp://host/",
    });
  });
});

describe.skipIf(!hasTool("openssl"))("HTTPS", () => {
  let authority: TestAuthority;
  beforeAll(() => {
    authority = createTestAuthority("Test CA");
  });

  async function secureServer(request: { hosts: string[]; expired?: boolean }, options: ServerOptions = {}) {
    const { certificate, key } = authority.issue({ name: "server", ...request });
    return listening(createTlsServer({ cert: certificate, key, ...options }, answerWithClientName));
  }

  it("trusts HttpsCACertificates and, without verification, anybody", async () => {
    const port = await secureServer({ hosts: ["IP:127.0.0.1"] });
    const url = `https://127.0.0.1:${port}/`;
    expect(await get(url, { certificateAuthorities: authority.certificate })).toBe("200 undefined");
    expect(await get(url, { verifyPeers: false })).toBe("200 undefined");
    expect(await failure(get(url))).toEqual(["tls", expect.stringContaining("an authority that is not trusted")]);
  });

  it("says what is wrong with a certificate", async () => {
    const certificateAuthorities = authority.certificate;
    const expired = await secureServer({ hosts: ["IP:127.0.0.1"], expired: true });
    expect(await failure(get(`https://127.0.0.1:${expired}/`, { certificateAuthorities }))).toEqual([
      "tls",
      `127.0.0.1:${expired} (tls): its certificate has expired`,
    ]);
    const other = await secureServer({ hosts: ["DNS:elsewhere"] });
    expect(await failure(get(`https://127.0.0.1:${other}/`, { certificateAuthorities }))).toEqual([
      "tls",
      `127.0.0.1:${other} (tls): its certificate is for another host name`,
    ]);
    await expect(get("https://127.0.0.1/", { certificateAuthorities: "rubbish" })).rejects.toBeInstanceOf(Error);
  });

  it("shows the client certificate of a connection, and of no other", async () => {
    const client = authority.issue({ name: "archive" });
    const verification = { ca: authority.certificate, requestCert: true, rejectUnauthorized: true };
    const port = await secureServer({ hosts: ["IP:127.0.0.1"] }, verification);
    const request = { method: "GET", url: `https://127.0.0.1:${port}/` };
    const trusted = { certificateAuthorities: authority.certificate };
    expect(await send({ ...request, connection: { clientCertificate: client } }, trusted)).toBe("200 archive");
    // With TLS 1.3 the refusal comes after the handshake.
    expect(["tls", "http"]).toContain((await failure(send(request, trusted)))[0]);
    const broken = { ...client, key: "rubbish" };
    await expect(send({ ...request, connection: { clientCertificate: broken } }, trusted)).rejects.toMatchObject({
      errorName: "SslInitialization",
    });
  });

  it("goes through a proxy by CONNECT", async () => {
    const port = await secureServer({ hosts: ["IP:127.0.0.1"] });
    const proxy = await startProxy("user:p%40ss");
    const url = `https://127.0.0.1:${port}/`;
    const trusted = { certificateAuthorities: authority.certificate };
    expect(await get(url, { ...trusted, proxy: `user:p%40ss@127.0.0.1:${proxy.port}` })).toBe("200 undefined");
    expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${port}`]);
    expect(await failure(get(url, { ...trusted, proxy: `http://127.0.0.1:${proxy.port}` }))).toEqual([
      "proxy",
      `127.0.0.1:${port} (proxy): the proxy answered 407 (it wants a user name and a password)`,
    ]);
    expect((await failure(get("https://127.0.0.1:1/", { proxy: `user:p%40ss@127.0.0.1:${proxy.port}` })))[0]).toBe(
      "proxy",
    );
  });
});

describe("HttpProxy", () => {
  it("gets plain requests in absolute form", async () => {
    const port = await listening(createPlainServer((_, response) => response.end("target")));
    const proxy = await startProxy("user:p%40ss");
    const url = `http://127.0.0.1:${port}/path?x=1`;
    expect(await get(url, { proxy: `user:p%40ss@127.0.0.1:${proxy.port}` })).toBe("200 target");
    expect(proxy.seen).toEqual([`GET http://127.0.0.1:${port}/path?x=1`]);
    expect((await failure(get(url, { proxy: `127.0.0.1:${proxy.port}` })))[0]).toBe("proxy");
  });

  it("is named when it is not there, and refused when it is none", async () => {
    expect(await failure(get("http://127.0.0.1:2/", { proxy: "user:secret@127.0.0.1:1" }))).toEqual([
      "proxy",
      "The proxy 127.0.0.1:1 cannot be used (tcp): the connection was refused",
    ]);
    expect((await failure(get("https://127.0.0.1:2/", { proxy: "127.0.0.1:1" })))[0]).toBe("proxy");
    await expect(get("http://127.0.0.1:2/", { proxy: "ftp://x" })).rejects.toMatchObject({
      details: "HttpProxy must be like [user:password@]host:port",
    });
  });
});

/** A small forward proxy that wants the user and the password of `pair`, percent-encoded. */
async function startProxy(pair: string): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const expected = `Basic ${Buffer.from(decodeURIComponent(pair)).toString("base64")}`;
  const server = createPlainServer((message, response) => {
    if (message.headers["proxy-authorization"] !== expected) {
      response.writeHead(407).end();
      return;
    }
    seen.push(`${message.method} ${message.url}`);
    void fetch(message.url ?? "")
      .then((answer) => answer.text())
      .then((body) => response.end(body));
  });
  server.on("connect", (message, socket) => {
    if (message.headers["proxy-authorization"] !== expected) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    seen.push(`CONNECT ${message.url}`);
    const [host = "", port = ""] = (message.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    socket.on("error", () => target.destroy());
  });
  return { port: await listening(server), seen };
}
