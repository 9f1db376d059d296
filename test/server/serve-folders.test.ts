import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask } from "./ask.ts";
import { folderForTest, serverForTest } from "./server-for-test.ts";

const digits = "0123456789";

/** Of these `site/` is served; `secret.txt` lies beside it. */
async function makeSite(place: string): Promise<void> {
  const site = join(place, "site");
  await mkdir(join(site, "sub"), { recursive: true });
  await mkdir(join(site, "bare"));
  await writeFile(join(place, "secret.txt"), "secret");
  await writeFile(join(site, "index.html"), "<h1>index</h1>");
  await writeFile(join(site, "sub/index.html"), "<h1>sub</h1>");
  await writeFile(join(site, "bare/a & b.txt"), "text");
  await writeFile(join(site, "script.js"), "start()");
  await writeFile(join(site, "module.wasm"), "");
  await writeFile(join(site, "model.gltf"), "{}");
  await writeFile(join(site, "numbers.bin"), digits);
  await writeFile(join(site, "ü%2F.txt"), "strange");
  await utimes(join(site, "numbers.bin"), 1_700_000_000, 1_700_000_000);
  await symlink(join(place, "secret.txt"), join(site, "link.txt"));
  await symlink(place, join(site, "up"));
  await symlink("numbers.bin", join(site, "inner-link.bin"));
}

describe("ServeFolders (behaviour §15)", () => {
  let place: string;
  let server: TestServer;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "greyhaven-folders-"));
    await makeSite(place);
    server = await startTestServer({ ServeFolders: { "/site": join(place, "site") } });
  });
  afterAll(async () => {
    await server.close();
    await rm(place, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) => ask(server.url, `GET ${path}`, { headers });

  it("gives files with their types, and nobody keeps them by default", async () => {
    const types: unknown[] = [];
    for (const name of ["script.js", "module.wasm", "model.gltf", "index.html"]) {
      const { status, headers } = await get(`/site/${name}`);
      types.push([name, status, headers["content-type"]]);
      expect([headers["cache-control"], headers.pragma, headers.expires]).toEqual(["no-cache", "no-cache", "0"]);
    }
    expect(types).toEqual([
      ["script.js", 200, expect.stringMatching(/^(application|text)\/javascript/)],
      ["module.wasm", 200, "application/wasm"],
      ["model.gltf", 200, "application/octet-stream"],
      ["index.html", 200, expect.stringMatching(/^text\/html/)],
    ]);
  });

  it("gives the index file of a folder, whose name ends in a slash", async () => {
    expect((await get("/site/")).text()).toBe("<h1>index</h1>");
    expect((await get("/site/sub/")).text()).toBe("<h1>sub</h1>");
    const { status, headers } = await get("/site/sub");
    expect(status).toBe(307);
    expect(new URL(headers.location ?? "", `${server.url}/site/sub`).pathname).toBe("/site/sub/");
  });

  it("lists a folder without one, in HTML that no name can break", async () => {
    const { status, text } = await get("/site/bare/");
    expect([status, text()]).toEqual([200, expect.stringContaining("a &amp; b.txt")]);
    expect(text()).toContain("a%20%26%20b.txt");
    expect((await get("/site/bare/a%20%26%20b.txt")).text()).toBe("text");
  });

  it("takes names as they are encoded", async () => {
    expect((await get("/site/%C3%BC%252F.txt")).text()).toBe("strange");
  });

  it("answers 404 for what is not there", async () => {
    for (const path of ["/site/nope", "/site/nope/", "/site/sub/nope.html"]) {
      const { status } = await get(path);
      expect([path, status]).toEqual([path, 404]);
    }
  });

  it.each([
    "/site/../secret.txt",
    "/site/sub/../../secret.txt",
    "/site/%2e%2e/secret.txt",
    "/site/%2E%2E%2Fsecret.txt",
    "/site/..%2fsecret.txt",
    "/site/..%5csecret.txt",
    "/site/%252e%252e/secret.txt",
    "/site/%252e%252e%252fsecret.txt",
    "/site/..%c0%afsecret.txt",
    "/site/.%00./secret.txt",
    "/site/link.txt",
    "/site/up/secret.txt",
    "/site/up/",
    "/site//../secret.txt",
    "/site/sub/..%2f..%2fsecret.txt",
    "//site/..//secret.txt",
    "/site/secret.txt%00.html",
    "/site/..;/secret.txt",
  ])("has no way out of the folder by %s", async (path) => {
    const { status, text } = await get(path);
    expect([400, 404]).toContain(status);
    expect(text()).not.toBe("secret");
  });

  it("follows links that stay inside", async () => {
    expect((await get("/site/inner-link.bin")).text()).toBe(digits);
  });

  it.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=8-100", 206, "89", "bytes 8-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["lines=1-2", 200, digits, undefined],
  ])("range %s: %i", async (range, expected, body, contentRange) => {
    const { status, headers, text } = await get("/site/numbers.bin", { range });
    expect([status, text(), headers["content-range"]]).toEqual([expected, body, contentRange]);
  });

  it("tells what has not changed (RFC 9110 §13)", async () => {
    const { headers } = await get("/site/numbers.bin");
    const etag = headers.etag ?? "";
    expect([etag, headers["last-modified"]]).toEqual([
      expect.stringMatching(/^"[0-9a-f]{32}"$/),
      "Tue, 14 Nov 2023 22:13:20 GMT",
    ]);
    const status = async (conditions: Record<string, string>) => (await get("/site/numbers.bin", conditions)).status;
    expect(await status({ "if-none-match": etag })).toBe(304);
    expect(await status({ "if-none-match": `"other", W/${etag}` })).toBe(304);
    expect(await status({ "if-none-match": '"other"' })).toBe(200);
    expect(await status({ "if-modified-since": "Tue, 14 Nov 2023 22:13:20 GMT" })).toBe(304);
    expect(await status({ "if-modified-since": "Tue, 14 Nov 2023 22:13:19 GMT" })).toBe(200);
    expect(await status({ "if-none-match": '"other"', "if-modified-since": "Tue, 14 Nov 2023 22:13:20 GMT" })).toBe(
      200,
    );
    expect(await status({ range: "bytes=0-0", "if-range": etag })).toBe(206);
    expect(await status({ range: "bytes=0-0", "if-range": '"other"' })).toBe(200);
  });

  it("is for GET only, and lists its folders on a page and among the plugins", async () => {
    expect((await ask(server.url, "PUT /site/numbers.bin", { body: "x" })).status).toBe(405);
    expect((await get("/app/plugin-serve-folders.html")).text()).toContain("site/");
    expect((await get("/plugins")).json()).toContain("serve-folders");
  });
});

describe("the long form of ServeFolders", () => {
  it("has Folders, AllowCache, GenerateETag and Extensions", async () => {
    const place = await folderForTest();
    await makeSite(place);
    const server = await serverForTest({
      ServeFolders: {
        Folders: { "/a": join(place, "site"), "/b/c": join(place, "site/sub") },
        AllowCache: true,
        GenerateETag: false,
        Extensions: { gltf: "model/gltf+json", ".bin": "application/x-numbers" },
      },
    });
    const { headers } = await ask(server.url, "GET /a/model.gltf");
    expect([headers["content-type"], headers.etag, headers.pragma]).toEqual(["model/gltf+json", undefined, undefined]);
    expect(headers["cache-control"]).not.toBe("no-cache");
    expect((await ask(server.url, "GET /a/numbers.bin")).headers["content-type"]).toBe("application/x-numbers");
    expect((await ask(server.url, "GET /b/c/")).text()).toBe("<h1>sub</h1>");
  });

  it("takes folders relative to the configuration file", async () => {
    const place = await folderForTest();
    await makeSite(place);
    const server = await serverForTest({ ServeFolders: { "/s": "./site" } }, { folder: place });
    expect((await ask(server.url, "GET /s/script.js")).text()).toBe("start()");
    // The storage of the same folder is none of it.
    expect((await ask(server.url, "GET /s/../storage/greyhaven.db")).status).toBeGreaterThanOrEqual(400);
  });
});
