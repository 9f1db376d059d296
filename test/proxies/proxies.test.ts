import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { makeImage } from "../phantoms/study.ts";
import { askJson } from "../server/ask.ts";
import { type Stored, upload } from "../server/upload.ts";
import { runApache, runNginx, type RunningProxy } from "./run-proxy.ts";

const proxies = [
  { tool: "nginx", run: (port: number) => runNginx("nginx.conf", port) },
  { tool: "apache2", run: runApache },
];

const prefixes = ["", "/greyhaven"];

function startServerBehindProxy(): Promise<TestServer> {
  return startTestServer({
    RemoteAccessAllowed: false,
    Plugins: [resolve(import.meta.dirname, "probe-plugin.ts")],
  });
}

const portOf = ({ url }: TestServer): number => Number(new URL(url).port);

interface QidoStudy {
  readonly "00081190": { readonly Value: readonly [string] };
}

for (const { tool, run } of proxies) {
  describe.skipIf(!hasTool(tool)).each(prefixes)(`${tool} as documented, at "%s"`, (prefix) => {
    const { file, uids } = makeImage({ rows: 32 });
    let server: TestServer;
    let proxy: RunningProxy;
    let base: string;
    beforeAll(async () => {
      server = await startServerBehindProxy();
      proxy = await run(portOf(server));
      base = proxy.url + prefix;
      await upload(base, file);
    });
    afterAll(async () => {
      await proxy.close();
      await server.close();
    });

    it("shows the web interface, with its relative links", async () => {
      const page = await fetch(`${base}/`);
      expect([page.url, page.headers.get("content-type")]).toEqual([`${base}/app/`, "text/html; charset=utf-8"]);
      const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = ""]) => link);
      expect(links.length).toBeGreaterThan(1);
      for (const link of links) {
        const { status, url } = await fetch(new URL(link, page.url));
        expect([status, url]).toEqual([200, expect.stringContaining(`${base}/app/`)]);
      }
      expect((await fetch(base === proxy.url ? `${base}/` : base)).url).toBe(`${base}/app/`);
    });

    it.each(["with a length", "in chunks"])("lets 60 MB through %s, and back", async (how) => {
      const large = makeLargeInstance(60_000_000, how === "in chunks" ? 1 : 2);
      const whole = Buffer.concat(await Array.fromAsync(large.stream()));
      const { ID } = await askJson<Stored>(base, "POST /instances", {
        body: how === "in chunks" ? large.stream() : whole,
      });
      const hash = createHash("sha256");
      const { body } = await fetch(`${base}/instances/${ID}/file`);
      for await (const chunk of body ?? []) hash.update(chunk);
      expect(hash.digest("hex")).toBe(createHash("sha256").update(whole).digest("hex"));
    });

    it("makes absolute URLs that lead to what they name", async () => {
      const [study] = await askJson<QidoStudy[]>(base, "GET /dicom-web/studies?PatientName=Ph*m%5EN*&limit=5");
      const url = study?.["00081190"].Value[0] ?? "";
      expect(url).toBe(`${base}/dicom-web/studies/${uids.StudyInstanceUID}`);
      const metadata = await (await fetch(`${url}/metadata`)).text();
      const instance = `${url}/series/${uids.SeriesInstanceUID}/instances/${uids.SOPInstanceUID}`;
      expect(metadata).toContain(`"BulkDataURI":"${instance}/bulk/7fe00010"`);
      expect((await fetch(`${instance}/bulk/7fe00010`)).status).toBe(200);
    });

    it("believes nothing that a client says about itself", async () => {
      const headers = {
        Forwarded: "host=evil;proto=https",
        "X-Forwarded-Host": "evil",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
      };
      const [study] = await askJson<QidoStudy[]>(base, "GET /dicom-web/studies?limit=1", { headers });
      expect(study?.["00081190"].Value[0]).toMatch(new RegExp(`^${base}/dicom-web/studies/`));
    });

    it("leaves encoded names as they are", async () => {
      const name = "a%2Fb%20c%252F%C3%A9,1%2C2;x=1";
      expect(await (await fetch(`${base}/probe/echo/${name}`)).text()).toBe(`/probe/echo/${name}`);
      expect((await fetch(`${base}/nope`)).status).toBe(404);
    });

    it("lets long URLs through", async () => {
      const uids = Array.from({ length: 300 }, () => "1.2.840.113619.2.55.3.604688119.868.1234567890.123").join("%5C");
      expect(await askJson(base, `GET /dicom-web/studies?StudyInstanceUID=${uids}`)).toEqual([]);
    });

    it("lets the own page change things, and no other", async () => {
      const { ID } = await upload(base, makeImage({ seed: 7, rows: 8 }).file);
      const remove = (origin: string) =>
        fetch(`${base}/instances/${ID}`, { method: "DELETE", headers: { Origin: origin } });
      expect((await remove("http://evil.example")).status).toBe(403);
      expect((await remove(new URL(base).origin)).status).toBe(200);
    });

    it("collects neither uploads nor answers on the way", async () => {
      const uploading = fetch(`${server.url}/probe/uploading`);
      async function* upload(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(100_000);
        await uploading;
        yield Buffer.alloc(10);
      }
      const init = { method: "POST", body: ReadableStream.from(upload()), duplex: "half" } as const;
      expect(await (await fetch(`${base}/probe/upload`, init)).text()).toBe("100010");
      const answer = await fetch(`${base}/probe/slow`);
      const reader = answer.body?.getReader();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
      await fetch(`${server.url}/probe/proceed`, { method: "POST" });
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(" second");
    });
  });
}

describe.skipIf(!hasTool("nginx"))("nginx with the recipe for other origins", () => {
  const viewer = "https://viewer.example.org";
  let server: TestServer;
  let proxy: RunningProxy;
  beforeAll(async () => {
    server = await startServerBehindProxy();
    proxy = await runNginx("nginx-cors.conf", portOf(server));
  });
  afterAll(async () => {
    await proxy.close();
    await server.close();
  });

  const ask = (method: string, origin: string) =>
    fetch(`${proxy.url}/tools/now`, { method, headers: { Origin: origin } });
  const upload = (origin: string) =>
    fetch(`${proxy.url}/instances`, { method: "POST", headers: { Origin: origin }, body: makeImage({ rows: 8 }).file });

  it("answers the question of a browser for a listed origin", async () => {
    const { status, headers } = await ask("OPTIONS", viewer);
    expect([status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-methods")]).toEqual([
      204,
      viewer,
      "GET, POST, PUT, DELETE, OPTIONS",
    ]);
    expect(headers.get("vary")).toContain("Origin");
  });

  it("lets a listed origin read and change things, and see errors", async () => {
    for (const answer of [await ask("GET", viewer), await upload(viewer)]) {
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, viewer]);
    }
    const missing = await fetch(`${proxy.url}/nope`, { headers: { Origin: viewer } });
    expect([missing.status, missing.headers.get("access-control-allow-origin")]).toEqual([404, viewer]);
  });

  it.each(["https://evil.example", "https://viewer.example.org.evil.example", "null"])(
    "gives %s nothing",
    async (origin) => {
      const answer = await upload(origin);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([403, null]);
      const question = await ask("OPTIONS", origin);
      expect([question.status, question.headers.get("access-control-allow-origin")]).toEqual([404, null]);
    },
  );
});
