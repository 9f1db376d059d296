import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, startServer, type TestServer } from "../../test/http-server.ts";
import { parseByteRange } from "./byte-range.ts";
import { text } from "./reply.ts";
import { staticFiles } from "./static.ts";

const modified = new Date("2026-03-01T12:00:00.700Z");
let base: string;
let server: TestServer;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "greyhaven-static-"));
  const folder = join(base, "served");
  mkdirSync(join(folder, "app", "deep"), { recursive: true });
  mkdirSync(join(folder, "bare"));
  writeFileSync(join(base, "secret.txt"), "secret");
  mkdirSync(join(base, "served-too"));
  writeFileSync(join(base, "served-too", "x.txt"), "secret");
  writeFileSync(join(folder, "app", "index.html"), "<h1>App</h1>");
  writeFileSync(join(folder, "app", "deep", "a b.js"), "code");
  writeFileSync(join(folder, "ten.dcm"), "0123456789");
  writeFileSync(join(folder, "empty.foo"), "");
  writeFileSync(join(folder, "large.bin"), Buffer.alloc(1_000_000, 7));
  utimesSync(join(folder, "ten.dcm"), modified, modified);
  symlinkSync(join(base, "secret.txt"), join(folder, "out.txt"));
  symlinkSync(base, join(folder, "up"));
  symlinkSync(join(base, "served-too"), join(folder, "beside"));
  symlinkSync("ten.dcm", join(folder, "inside.dcm"));
  symlinkSync("loop", join(folder, "loop"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const files = staticFiles({ folder, extensions: { foo: "x/foo" } });
  const listed = staticFiles({
    folder,
    indexFiles: [],
    etag: false,
    cacheControl: "private",
    listDirectory: (directory) => Promise.resolve(text(`listing of ${directory.slice(folder.length)}`)),
  });
  server = await startServer([
    route("GET", "/files/{path...}", (request) => files(request, request.parameters["path"] ?? "")),
    route("GET", "/listed/{path...}", (request) => listed(request, request.parameters["path"] ?? "")),
  ]);
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: "manual" });

describe("staticFiles", () => {
  it("sends a file with its type, validators and Orthanc's headers against caching", async () => {
    const answer = await get("/files/ten.dcm");
    expect(await answer.text()).toBe("0123456789");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/dicom",
      "content-length": "10",
      "last-modified": "Sun, 01 Mar 2026 12:00:00 GMT",
      "cache-control": "no-cache",
      pragma: "no-cache",
      "accept-ranges": "bytes",
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as unknown,
    });
    const large = await get("/files/large.bin");
    expect(large.headers.get("content-type")).toBe("application/octet-stream");
    expect(Buffer.from(await large.arrayBuffer()).equals(Buffer.alloc(1_000_000, 7))).toBe(true);
    const empty = await get("/files/empty.foo");
    expect([empty.status, empty.headers.get("content-type"), await empty.text()]).toEqual([200, "x/foo", ""]);
    expect(await (await get("/files/app/deep/a%20b.js")).text()).toBe("code");
    expect(await (await get("/files/inside.dcm")).text()).toBe("0123456789");
  });

  it("sends the index file of a directory, or leads to its slash", async () => {
    const answer = await get("/files/app/");
    expect([answer.headers.get("content-type"), await answer.text()]).toEqual([
      "text/html; charset=utf-8",
      "<h1>App</h1>",
    ]);
    const bare = await get("/files/app");
    expect([bare.status, bare.headers.get("location")]).toEqual([307, "./app/"]);
    expect((await get("/files/bare/")).status).toBe(404);
    expect(await (await get("/listed/app/deep/")).text()).toBe("listing of /app/deep");
    expect((await get("/listed/")).status).toBe(200);
  });

  it("can do without ETag and with another Cache-Control", async () => {
    const { headers } = await get("/listed/ten.dcm");
    expect([headers.get("etag"), headers.get("cache-control"), headers.get("pragma")]).toEqual([null, "private", null]);
  });

  it.each([
    "/files/../secret.txt",
    "/files/%2e%2e/secret.txt",
    "/files/..%2fsecret.txt",
    "/files/%2e%2e%2fsecret.txt",
    "/files/app/..%2f..%2fsecret.txt",
    "/files/%252e%252e%252fsecret.txt",
    "/files/..%5csecret.txt",
    "/files/app\\..\\..\\secret.txt",
    "/files/..;/secret.txt",
    "/files/ten.dcm%00.html",
    "/files/%c0%ae%c0%ae/secret.txt",
    "/files//etc/passwd",
    "/files/%2fetc%2fpasswd",
    "/files/out.txt",
    "/files/up/secret.txt",
    "/files/beside/x.txt",
    "/files/up/served-too/x.txt",
    "/files/loop",
    "/files/pipe",
    "/files/ten.dcm/x",
    `/files/${"a".repeat(5000)}`,
  ])("does not lead out of the folder: %s", async (path) => {
    const answer = await server.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /);
    expect(answer).not.toContain("secret\r\n");
  });
});

describe("conditional requests (RFC 9110 §13)", () => {
  it("are answered by 304 while the file is the same", async () => {
    const etag = (await get("/files/ten.dcm")).headers.get("etag") ?? "";
    const status = async (headers: Record<string, string>) => (await get("/files/ten.dcm", headers)).status;
    expect(await status({ "If-None-Match": etag })).toBe(304);
    expect(await status({ "If-None-Match": `"x", W/${etag}` })).toBe(304);
    expect(await status({ "If-None-Match": "*" })).toBe(304);
    expect(await status({ "If-None-Match": '"x"', "If-Modified-Since": modified.toUTCString() })).toBe(200);
    expect(await status({ "If-Modified-Since": modified.toUTCString() })).toBe(304);
    expect(await status({ "If-Modified-Since": "Sun, 01 Mar 2026 11:59:59 GMT" })).toBe(200);
    expect(await status({ "If-Modified-Since": "rubbish" })).toBe(200);
    const notModified = await get("/files/ten.dcm", { "If-None-Match": etag });
    expect([notModified.headers.get("etag"), notModified.headers.get("content-length")]).toEqual([etag, null]);
  });
});

describe("ranges (RFC 9110 §14)", () => {
  it("are sent with 206, refused with 416, ignored where they do not apply", async () => {
    const part = async (headers: Record<string, string>) => {
      const answer = await get("/files/ten.dcm", headers);
      return [answer.status, answer.headers.get("content-range"), await answer.text()];
    };
    expect(await part({ Range: "bytes=2-4" })).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await part({ Range: "bytes=-3" })).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part({ Range: "bytes=10-" })).toEqual([416, "bytes */10", ""]);
    expect(await part({ Range: "bytes=0-1,3-4" })).toEqual([200, null, "0123456789"]);
    const etag = (await get("/files/ten.dcm")).headers.get("etag") ?? "";
    expect(await part({ Range: "bytes=0-0", "If-Range": etag })).toEqual([206, "bytes 0-0/10", "0"]);
    expect(await part({ Range: "bytes=0-0", "If-Range": modified.toUTCString() })).toEqual([206, "bytes 0-0/10", "0"]);
    expect(await part({ Range: "bytes=0-0", "If-Range": '"old"' })).toEqual([200, null, "0123456789"]);
  });

  it.each([
    ["bytes=0-", { start: 0, end: 10 }],
    ["bytes=5-100", { start: 5, end: 10 }],
    ["bytes=-100", { start: 0, end: 10 }],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=5-4", undefined],
    ["bytes=-", undefined],
    ["lines=1-2", undefined],
    ["bytes=a-b", undefined],
    ["bytes=99999999999999999999-", "unsatisfiable"],
  ])("are read from %s", (header, range) => {
    expect(parseByteRange(header, 10)).toEqual(range);
  });

  it("of an empty file are unsatisfiable", () => {
    expect(parseByteRange("bytes=0-", 0)).toBe("unsatisfiable");
    expect(parseByteRange("bytes=-1", 0)).toBe("unsatisfiable");
  });
});
