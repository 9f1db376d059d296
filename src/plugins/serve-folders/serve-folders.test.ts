import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "../../../test/http-server.ts";
import { pluginServerForTest } from "../../../test/plugin-server.ts";
import { ServerError } from "../../plugin-api.ts";
import { serveFolders } from "./serve-folders.ts";

let base: string;
let server: TestServer | undefined;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "greyhaven-folders-"));
  mkdirSync(join(base, "site", "Ä <dir>"), { recursive: true });
  mkdirSync(join(base, "docs"));
  writeFileSync(join(base, "site", "b.txt"), "b");
  writeFileSync(join(base, "site", "a&c.custom"), "custom");
  writeFileSync(join(base, "docs", "index.html"), "docs");
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(base, { recursive: true });
});

async function start(section: unknown): Promise<string> {
  const pluginServer = pluginServerForTest({
    section: (name) => (name === "ServeFolders" ? section : undefined),
    resolvePath: (path) => join(base, path),
  });
  const { routes = [] } = await serveFolders.start(pluginServer);
  server = await startServer(routes);
  return server.url;
}

describe("ServeFolders (behaviour §15)", () => {
  it("serves the folders of the short form, with listings and index files", async () => {
    const url = await start({ "/site": "site", docs: "docs", "/sub/folder/": "docs" });
    expect(await (await fetch(`${url}/site/b.txt`)).text()).toBe("b");
    expect(await (await fetch(`${url}/docs`)).text()).toBe("docs");
    expect(await (await fetch(`${url}/sub/folder/index.html`)).text()).toBe("docs");
    const listing = await (await fetch(`${url}/site/`)).text();
    const links = [...listing.matchAll(/<a href="([^"]*)">([^<]*)</g)].map((match) => [match[1], match[2]]);
    expect(links).toEqual([
      ["../", "../"],
      ["./%C3%84%20%3Cdir%3E/", "Ä &lt;dir&gt;/"],
      ["./a%26c.custom", "a&amp;c.custom"],
      ["./b.txt", "b.txt"],
    ]);
    expect((await fetch(new URL(links[1]?.[0] ?? "", `${url}/site/`))).status).toBe(200);
    expect((await fetch(`${url}/site/missing`)).status).toBe(404);
    expect((await fetch(`${url}/site/b.txt`, { method: "PUT", body: "" })).headers.get("allow")).toBe("GET");
  });

  it("lists the folders on a page of its own", async () => {
    const url = await start({ "/site": "site", docs: "docs" });
    const page = await fetch(`${url}/${serveFolders.rootUri}`);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const text = await page.text();
    expect(text).toContain('<a href="../site/">/site</a>');
    expect(text).toContain('<a href="../docs/">/docs</a>');
  });

  it("obeys AllowCache, GenerateETag and Extensions of the long form", async () => {
    const options = { AllowCache: true, GenerateETag: false, Extensions: { ".CUSTOM": "x/custom" } };
    const url = await start({ Folders: { "/site": "site" }, ...options });
    const { headers } = await fetch(`${url}/site/a%26c.custom`);
    expect([
      headers.get("content-type"),
      headers.get("etag"),
      headers.get("cache-control"),
      headers.get("pragma"),
    ]).toEqual(["x/custom", null, "private", null]);
    const defaults = await fetch(`${await start({ "/site": "site" })}/site/b.txt`);
    expect(defaults.headers.get("cache-control")).toBe("no-cache");
    expect(defaults.headers.get("etag")).toMatch(/^".+"$/);
  });

  it("has no routes without its section", async () => {
    const url = await start(undefined);
    expect((await fetch(`${url}/app/plugin-serve-folders.html`)).status).toBe(404);
  });

  it.each([
    [[], "ServeFolders: expected an object, found []"],
    [{ "/a": 1 }, 'ServeFolders, folder of "/a": expected a text, found 1'],
    [{ "/": "x" }, 'ServeFolders: expected a URI such as "/demo"; the root cannot be served, found "/"'],
    [{ "/../a": "x" }, 'ServeFolders: expected a URI of plain names, found "/../a"'],
    [{ Folders: {}, AllowCache: 1 }, "ServeFolders.AllowCache: expected true or false, found 1"],
    [{ Extensions: { js: null } }, 'ServeFolders.Extensions, type of "js": expected a text, found null'],
  ])("stops the start and names what is wrong in %j", async (section, details) => {
    const error: unknown = await start(section).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ errorName: "BadFileFormat", details });
  });
});
