import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startServerBehindProxy, type ServerBehindProxy } from "./behind-proxy.ts";
import { runApache, runNginx, type RunningProxy } from "./run-proxy.ts";

const proxies = [
  { tool: "nginx", run: (port: number) => runNginx("nginx.conf", port) },
  { tool: "apache2", run: runApache },
];

for (const { tool, run } of proxies) {
  describe.skipIf(!hasTool(tool)).each(["", "/greyhaven"])(`${tool} as documented, at "%s"`, (prefix) => {
    let server: ServerBehindProxy;
    let proxy: RunningProxy;
    let base: string;
    beforeAll(async () => {
      server = await startServerBehindProxy();
      proxy = await run(server.port);
      base = proxy.url + prefix;
    });
    afterAll(async () => {
      await proxy.close();
      await server.close();
    });

    it("shows the web page, with its relative links", async () => {
      const page = await fetch(`${base}/`);
      expect([page.url, await page.text()]).toEqual([`${base}/app/`, "<script src=app.js></script>"]);
      expect(await (await fetch(new URL("app.js", page.url))).text()).toBe("start()");
      expect((await fetch(base === proxy.url ? `${base}/` : base)).url).toBe(`${base}/app/`);
    });

    it("lets large bodies through, with a length or in chunks", async () => {
      const body = Buffer.alloc(40_000_000, "0123456789");
      const digest = createHash("sha256").update(body).digest("hex");
      expect(await (await fetch(`${base}/instances`, { method: "POST", body })).text()).toBe(digest);
      const chunked = { method: "POST", body: new Blob([body]).stream(), duplex: "half" } as const;
      expect(await (await fetch(`${base}/instances`, chunked)).text()).toBe(digest);
    });

    it("makes absolute URLs right", async () => {
      const answer = await fetch(`${base}/dicom-web/studies?PatientName=A*%5EB&limit=5`);
      expect(await answer.json()).toEqual({
        RetrieveURL: `${base}/dicom-web/studies/1.2.3`,
        query: "PatientName=A*%5EB&limit=5",
      });
    });

    it("believes nothing that a client says about itself", async () => {
      const headers = {
        Forwarded: "host=evil;proto=https",
        "X-Forwarded-Host": "evil",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
      };
      const answer = await fetch(`${base}/dicom-web/studies`, { headers });
      expect(await answer.json()).toMatchObject({ RetrieveURL: `${base}/dicom-web/studies/1.2.3` });
    });

    it("leaves encoded names as they are", async () => {
      const name = "a%2Fb%20c%252F%C3%A9,1%2C2;x=1";
      expect(await (await fetch(`${base}/echo/${name}`)).text()).toBe(`/echo/${name}`);
      expect((await fetch(`${base}/nope`)).status).toBe(404);
    });

    it("lets long URLs through", async () => {
      const uids = Array.from({ length: 300 }, () => "1.2.840.113619.2.55.3.604688119.868.1234567890.123").join("%5C");
      expect((await fetch(`${base}/dicom-web/studies?StudyInstanceUID=${uids}`)).status).toBe(200);
    });

    it("lets the own page change things, and no other", async () => {
      const remove = (origin: string) => fetch(`${base}/studies/1`, { method: "DELETE", headers: { Origin: origin } });
      expect((await remove(new URL(base).origin)).status).toBe(200);
      expect((await remove("http://evil.example")).status).toBe(403);
    });

    it("collects neither uploads nor answers on the way", async () => {
      const begun = server.nextUpload();
      async function* upload(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(100_000);
        await begun;
        yield Buffer.alloc(10);
      }
      const init = { method: "POST", body: ReadableStream.from(upload()), duplex: "half" } as const;
      expect((await fetch(`${base}/instances`, init)).status).toBe(200);
      const answer = await fetch(`${base}/slow`);
      const reader = answer.body?.getReader();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
      server.proceed();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(" second");
    });
  });
}

describe.skipIf(!hasTool("nginx"))("nginx with the recipe for other origins", () => {
  const viewer = "https://viewer.example.org";
  let server: ServerBehindProxy;
  let proxy: RunningProxy;
  beforeAll(async () => {
    server = await startServerBehindProxy();
    proxy = await runNginx("nginx-cors.conf", server.port);
  });
  afterAll(async () => {
    await proxy.close();
    await server.close();
  });

  const ask = (method: string, origin: string) =>
    fetch(`${proxy.url}/studies/1`, { method, headers: { Origin: origin } });

  it("answers the question of a browser for a listed origin", async () => {
    const { status, headers } = await ask("OPTIONS", viewer);
    expect([status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-methods")]).toEqual([
      204,
      viewer,
      "GET, POST, PUT, DELETE, OPTIONS",
    ]);
    expect(headers.get("vary")).toContain("Origin");
  });

  it("lets a listed origin change things, and see errors", async () => {
    const answer = await ask("DELETE", viewer);
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, viewer]);
    const missing = await fetch(`${proxy.url}/nope`, { headers: { Origin: viewer } });
    expect([missing.status, missing.headers.get("access-control-allow-origin")]).toEqual([404, viewer]);
  });

  it.each(["https://evil.example", "https://viewer.example.org.evil.example", "null"])(
    "gives %s nothing",
    async (origin) => {
      const answer = await ask("DELETE", origin);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([403, null]);
      const question = await ask("OPTIONS", origin);
      expect([question.status, question.headers.get("access-control-allow-origin")]).toEqual([404, null]);
    },
  );
});
