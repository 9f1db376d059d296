import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, startServer, type TestServer } from "../../test/http-server.ts";
import { readBody } from "./body.ts";
import { text } from "./reply.ts";

const received: string[] = [];
const routes = [
  route("POST", "/count", async (request) => text(String((await readBody(request)).length))),
  route("POST", "/ignore", () => text("ignored")),
  route("POST", "/swallow", async (request) => {
    await readBody(request).catch(() => {});
    return text("whatever");
  }),
  route("POST", "/incomplete", async (request) => {
    await readBody(request).catch((error: unknown) => received.push(String(error)));
    return text("");
  }),
  route("POST", "/first", async (request) => {
    for await (const chunk of request.body) return text(String(chunk[0]));
    return text("empty");
  }),
  route("GET", "/bare", async (request) => text(String((await readBody(request)).length))),
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer(routes, { maximumRequestBodySize: 10_000_000 });
});
afterAll(() => server.close());

const head = (path: string, ...lines: string[]) => `POST ${path} HTTP/1.1\r\nHost: x\r\n${lines.join("\r\n")}\r\n\r\n`;
const bare = "GET /bare HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

describe("the body of a request", () => {
  it("is read whole, with a length or in chunks", async () => {
    const body = Buffer.alloc(3_000_000, 1);
    expect(await (await fetch(`${server.url}/count`, { method: "POST", body })).text()).toBe("3000000");
    const chunked = head("/count", "Transfer-Encoding: chunked", "Connection: close");
    expect(await server.raw(chunked, "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n")).toMatch(/\r\n\r\n5$/);
  });

  it("must have a length or be chunked: 411", async () => {
    expect(await server.raw("POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 411 .*\r\n\r\n$/s,
    );
    const put = await server.raw(
      "GET /bare HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: PUT\r\nConnection: close\r\n\r\n",
    );
    expect(put).toMatch(/^HTTP\/1\.1 405 /);
  });

  it("is refused before it is sent when it says that it is too large: 413", async () => {
    const answer = await server.raw(head("/count", "Content-Length: 10000001", "Expect: 100-continue"));
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*Connection: close\r\n.*\r\n\r\n$/s);
  });

  it.each(["/count", "/swallow"])("is cut off while it grows too large: 413 (%s)", async (path) => {
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(0x100000), Buffer.from("\r\n")]);
    const chunks = Array.from({ length: 12 }, () => chunk);
    const answer = await server.raw(head(path, "Transfer-Encoding: chunked"), ...chunks, "0\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\n\r\n$/s);
  });

  it("is asked for by 100 Continue only when a handler reads it", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(head("/count", "Content-Length: 3", "Expect: 100-continue", "Connection: close"));
    const [interim] = (await once(socket, "data")) as [Buffer];
    expect(interim.toString()).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write("abc");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 .*3$/s);
    socket.destroy();
    const ignored = await server.raw(head("/ignore", "Content-Length: 3", "Expect: 100-continue"));
    expect(ignored).toMatch(/^HTTP\/1\.1 200 .*ignored$/s);
  });

  it("that nobody reads is skipped when small: the connection goes on", async () => {
    const answers = await server.raw(head("/ignore", "Content-Length: 500000"), Buffer.alloc(500_000), bare);
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it("that nobody reads is let in, the answer seen, and the connection closed when large", async () => {
    const answers = await server.raw(head("/ignore", "Content-Length: 5000000"), Buffer.alloc(5_000_000), bare);
    expect(answers).toMatch(/^HTTP\/1\.1 200 .*Connection: close.*ignored$/s);
  });

  it("that is left in the middle is skipped", async () => {
    const answers = await server.raw(head("/first", "Content-Length: 900000"), Buffer.alloc(900_000, 7), bare);
    expect(answers).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n7HTTP\/1\.1 200 .*\r\n\r\n0$/s);
  });

  it("that breaks off fails its reader and harms nobody else", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(head("/incomplete", "Content-Length: 100") + "abc");
    await expect.poll(() => received.length > 0 || socket.bytesWritten > 0).toBe(true);
    setTimeout(() => socket.destroy(), 50);
    await expect.poll(() => received).toEqual(["ServerError: Bad request: The body is incomplete"]);
    expect(await (await fetch(`${server.url}/bare`)).text()).toBe("0");
  });

  it("that ends too early is answered by 400", async () => {
    const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.end(head("/count", "Content-Length: 100") + "abc");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  it("that is not HTTP is answered by 400", async () => {
    expect(await server.raw(head("/count", "Transfer-Encoding: chunked"), "zz\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await server.raw(head("/count", "Content-Length: 1", "Transfer-Encoding: chunked"), "zz\r\n")).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await server.raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(70_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });
});

describe("several requests on one connection", () => {
  it("are answered in their order when they come at once", async () => {
    const first = head("/count", "Content-Length: 4") + "abcd";
    const second = head("/count", "Content-Length: 2") + "ab";
    const answers = await server.raw(first + second + bare);
    expect(answers).toMatch(/\r\n\r\n4HTTP.*\r\n\r\n2HTTP.*\r\n\r\n0$/s);
  });
});
