import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, startServer, type TestServer } from "../../test/http-server.ts";
import type { ByteSource } from "../util/byte-source.ts";
import { ServerError } from "../util/errors.ts";
import { bytes, json, stream, text } from "./reply.ts";
import type { Reply } from "./route.ts";

const megabyte = Buffer.alloc(1024 * 1024, 5);
let produced = 0;
const released: string[] = [];

async function* endless(): AsyncGenerator<Buffer> {
  try {
    for (;;) {
      produced++;
      yield megabyte;
    }
  } finally {
    released.push("endless");
  }
}

async function* failing(after: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < after; index++) yield Buffer.from("some ");
  throw new ServerError("InexistentFile", "it is gone");
}

async function* three(): AsyncGenerator<Buffer> {
  for (const part of ["a", "b", "c"]) yield Buffer.from(part);
}

async function* lines(): AsyncGenerator<Buffer> {
  for (let index = 0; index < 10_000; index++) yield Buffer.from("0123456789");
}

function numbered(length: number): ByteSource {
  const fill = (memory: Uint8Array, value: number): number => memory.subarray(0, length).fill(value).length;
  return {
    [Symbol.asyncIterator]() {
      throw new Error("it can be read at once");
    },
    readInto: async (memory) => fill(memory, ++produced % 251),
  };
}

const held = Promise.withResolvers<Reply>();

const routes = [
  route("GET", "/held", () => held.promise),
  route("GET", "/at-once", () => stream("text/x", numbered(1_000_000), { length: 1_000_000 })),
  route("GET", "/short-at-once", () => stream("text/x", numbered(3), { length: 5 })),
  route("GET", "/bytes", () => bytes("application/dicom", megabyte, { ETag: '"1"' })),
  route("GET", "/stream", () => stream("text/x", three())),
  route("GET", "/length", () => stream("text/x", three(), { length: 3 })),
  route("GET", "/short", () => stream("text/x", three(), { length: 5 })),
  route("GET", "/endless", () => stream("application/octet-stream", endless())),
  route("GET", "/fails-at-once", () => stream("text/x", failing(0))),
  route("GET", "/fails-later", () => stream("text/x", failing(2))),
  route("GET", "/bad-header", () => ({ headers: { "X-Name": "Müller\n" }, body: "" })),
  route("GET", "/waits", async (request) => {
    await once(request.signal, "abort");
    released.push("aborted");
    return text("nobody hears");
  }),
  route("GET", "/large-stream", () => stream("text/plain", lines(), { length: 100_000 })),
  route("GET", "/endless-text", () => stream("text/plain", endless(), { length: 2 ** 40 })),
  route("GET", "/large", () => json(Array.from({ length: 1000 }, (_, index) => index))),
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer(routes, { compression: true });
});
afterAll(() => server.close());

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

describe("a reply", () => {
  it("of bytes goes out as it is, with its headers", async () => {
    const answer = await fetch(`${server.url}/bytes`);
    expect(answer.headers.get("etag")).toBe('"1"');
    expect(answer.headers.get("content-length")).toBe(String(megabyte.length));
    expect(megabyte.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
  });

  it("that flows is chunked, or has the length that is known", async () => {
    expect(await server.raw(request("/stream"))).toMatch(/Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/);
    expect(await server.raw(request("/length"))).toMatch(/Content-Length: 3\r\n.*\r\n\r\nabc$/s);
  });

  it("flows no faster than the client reads, and ends when the client goes", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(request("/endless"));
    await once(socket, "readable");
    const before = await stableCount(() => produced);
    expect(before).toBeLessThan(64);
    socket.destroy();
    await expect.poll(() => released).toContain("endless");
  });

  it("that is read at once keeps its bytes until they are sent, however late", async () => {
    const before = produced;
    const late = server.raw(
      ...["/held", "/at-once"].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`),
      request("/at-once"),
    );
    await expect.poll(() => produced).toBe(before + 2);
    for (let other = 0; other < 5; other++) await (await fetch(`${server.url}/at-once`)).arrayBuffer();
    held.resolve(text("first"));
    const bodies = (await late).split(/HTTP\/1\.1 200.*?\r\n\r\n/s).slice(2);
    const expected = [before + 1, before + 2].map((value) => Buffer.alloc(1_000_000, value % 251).toString("latin1"));
    expect(bodies.map((body, index) => body === expected[index])).toEqual([true, true]);
  });

  it("whose stream fails before its first byte is an error", async () => {
    const answer = await fetch(`${server.url}/fails-at-once`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ OrthancStatus: 13, Details: "it is gone" });
  });

  it.each(["/fails-later", "/short"])("whose stream breaks is cut off, never complete (%s)", async (path) => {
    await expect(fetch(server.url + path).then((answer) => answer.text())).rejects.toThrow();
  });

  it("that is read at once and has not its length is an error", async () => {
    expect((await fetch(`${server.url}/short-at-once`)).status).toBe(500);
  });

  it("that cannot be sent is an internal error", async () => {
    expect((await fetch(`${server.url}/bad-header`)).status).toBe(500);
  });

  it("is not waited for by a client that has gone: the signal tells", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(request("/waits"));
    await once(socket, "connect");
    setTimeout(() => socket.destroy(), 50);
    await expect.poll(() => released).toContain("aborted");
  });
});

async function encoding(path: string, accepted: string): Promise<unknown> {
  const answer = await fetch(server.url + path, { headers: { "Accept-Encoding": accepted } });
  const body = Buffer.from(await answer.arrayBuffer());
  return [answer.headers.get("content-encoding"), body.length > 0];
}

describe("HttpCompressionEnabled", () => {
  it("prefers gzip to deflate, for large and compressible answers", async () => {
    expect(await encoding("/large", "deflate, gzip;q=0.5")).toEqual(["gzip", true]);
    expect(await encoding("/large", "deflate, gzip;q=0")).toEqual(["deflate", true]);
    expect(await encoding("/large", "br")).toEqual([null, true]);
    expect(await encoding("/bytes", "gzip")).toEqual([null, true]);
    expect(await encoding("/stream", "gzip")).toEqual([null, true]);
  });

  it("compresses what flows, as it flows", async () => {
    const gzip = { headers: { "Accept-Encoding": "gzip" } };
    const answer = await fetch(`${server.url}/large-stream`, gzip);
    expect([answer.headers.get("content-encoding"), answer.headers.get("content-length")]).toEqual(["gzip", null]);
    expect(await answer.text()).toHaveLength(100_000);
    released.length = 0;
    const endlessAnswer = await fetch(`${server.url}/endless-text`, gzip);
    await endlessAnswer.body?.cancel();
    await expect.poll(() => released).toContain("endless");
  });

  it("sends what it says", async () => {
    const answer = await fetch(`${server.url}/large`, { headers: { "Accept-Encoding": "gzip" } });
    expect(await answer.json()).toHaveLength(1000);
  });
});

/** The value once it has stopped growing. */
async function stableCount(count: () => number): Promise<number> {
  for (let last = -1; last !== count();) {
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return count();
}
