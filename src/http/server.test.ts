import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, startServer, type TestServer } from "../../test/http-server.ts";
import { ServerError } from "../util/errors.ts";
import { readText } from "./body.ts";
import { empty, json, redirect, text } from "./reply.ts";

const routes = [
  route("GET", "/system", () => json({ Name: "Größe", ApiVersion: 31 })),
  route("GET", "/tools/now", () => text("20261123T075718")),
  route("POST", "/tools/find", async (request) => text(await readText(request))),
  route("GET", "/patients/{id}", (request) =>
    json({ id: request.parameters["id"], limit: request.query.get("limit") }),
  ),
  route("PUT", "/patients/{id}", () => text("put")),
  route("DELETE", "/patients/{id}", (request) => json({ arguments: request.query.size })),
  route("GET", "/instances/{id}/frames/{frame}/raw", () => text("raw")),
  route("GET", "/instances/{id}/frames/{frame}/preview", () => text("preview")),
  route("GET", "/instances/{id}/content/{path...}", (request) => json(request.parameters)),
  route("GET", "/fails", () => {
    throw new Error("a secret of the inside");
  }),
  route("GET", "/unknown-modality", () => {
    throw new ServerError("UnknownModality", "no such modality: X", { payload: { Type: "Dimse" } });
  }),
  route("GET", "/", () => redirect("app/explorer.html")),
  route("PUT", "/nothing", () => empty()),
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer(routes, { directories: ["/tools", "/instances/{id}/frames/{frame}", "/queries/{id}"] });
});
afterAll(() => server.close());

const get = (path: string, init?: RequestInit) => fetch(server.url + path, { redirect: "manual", ...init });

describe("methods (behaviour §1.1)", () => {
  it("answers 405 with Allow in Orthanc's order and no body", async () => {
    const answer = await get("/patients/x", { method: "POST", body: "" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET,PUT,DELETE");
    expect(await answer.text()).toBe("");
  });

  it("answers 404 without body to verbs of HTTP and WebDAV that no route has", async () => {
    for (const method of ["HEAD", "OPTIONS", "PROPFIND", "LOCK"]) {
      const answer = await get("/system", { method });
      expect([method, answer.status, await answer.text()]).toEqual([method, 404, ""]);
    }
  });

  it("answers 400 to any other verb, also to one that no parser knows", async () => {
    expect((await get("/system", { method: "PATCH" })).status).toBe(400);
    expect(await server.raw("FOO /system HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await server.raw("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("is told another method by X-HTTP-Method-Override with any verb", async () => {
    const headers = { "X-HTTP-Method-Override": "delete" };
    expect(await (await get("/patients/x", { method: "POST", body: "", headers })).json()).toEqual({ arguments: 0 });
    const put = await get("/patients/x", { method: "POST", body: "a", headers: { "X-HTTP-Method-Override": "PUT" } });
    expect(await put.text()).toBe("put");
    expect((await get("/patients/x", { headers: { "X-HTTP-Method-Override": "GET" } })).status).toBe(400);
  });

  it("is told another method by _method with GET only", async () => {
    expect(await (await get("/patients/x?_method=Delete")).json()).toEqual({ arguments: 0 });
    expect((await get("/patients/x?_method=foo")).status).toBe(400);
    expect((await get("/patients/x?_method=put", { method: "DELETE" })).status).toBe(200);
  });
});

describe("paths (behaviour §1.1)", () => {
  it("answers an unknown path with error JSON 17 as text/plain", async () => {
    const answer = await get("/nope?x=1");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("text/plain");
    expect(await answer.json()).toEqual({
      HttpError: "Not Found",
      HttpStatus: 404,
      Message: "Unknown resource",
      Method: "GET",
      OrthancError: "Unknown resource",
      OrthancStatus: 17,
      Uri: "/nope",
    });
  });

  it("tolerates doubled slashes and a slash at the end", async () => {
    expect(await (await get("/tools//now/")).text()).toBe("20261123T075718");
    expect(await server.raw("GET //tools/now// HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toContain(
      "20261123T",
    );
  });

  it.each(["/tools/../system", "/tools/./now", "/tools/%2e%2e/system", "/.", "/tools/..", "/a/..%2f..%2fb"])(
    "refuses %s with 400",
    async (path) => {
      const answer = await server.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"OrthancStatus": 12');
    },
  );

  it("decodes variables and refuses what cannot be decoded", async () => {
    expect(await (await get("/patients/a%2Fb%20c%25%C3%A9")).json()).toEqual({ id: "a/b c%é", limit: null });
    expect((await get("/patients/%zz")).status).toBe(400);
    expect((await get("/patients/%ff")).status).toBe(400);
  });

  it("takes the rest of a path, which may be empty", async () => {
    expect(await (await get("/instances/1/content/0008-1140/0/0008-1150")).json()).toEqual({
      id: "1",
      path: "0008-1140/0/0008-1150",
    });
    expect(await (await get("/instances/1/content")).json()).toEqual({ id: "1", path: "" });
  });

  it("lists the children of the directories it is told, and of no other node", async () => {
    expect(await (await get("/tools")).json()).toEqual(["find", "now"]);
    expect(await (await get("/instances/x/frames/0")).json()).toEqual(["preview", "raw"]);
    expect((await get("/tools", { method: "DELETE" })).headers.get("allow")).toBe("GET");
    expect((await get("/queries/1")).status).toBe(404);
    expect((await get("/instances/x/frames")).status).toBe(404);
  });

  it.each(["*", "foo", "?", "http://", "/%", "/a#b", "/\u00e9", "/:id", `/${"x/".repeat(20_000)}`])(
    "stands the target %s",
    async (target) => {
      const answer = await server.raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (307|400|404) /);
    },
  );

  it("understands the absolute form of a request target", async () => {
    const answer = await server.raw("GET http://else/tools/now?x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(answer).toContain("20261123T");
  });
});

describe("answers (behaviour §1.2, §1.3)", () => {
  it("sends sorted JSON in UTF-8, with Orthanc's keep-alive headers and nosniff", async () => {
    const answer = await get("/system");
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("connection")).toBe("keep-alive");
    expect(answer.headers.get("keep-alive")).toBe("timeout=1");
    expect(await answer.text()).toBe('{\n   "ApiVersion": 31,\n   "Name": "Größe"\n}');
  });

  it("never sends CORS headers", async () => {
    const answer = await get("/system", { headers: { Origin: "http://elsewhere" } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("sends XML to who accepts it, JSON when that comes later", async () => {
    const answer = await get("/system", { headers: { Accept: "text/html; application/xml" } });
    expect(answer.headers.get("content-type")).toBe("application/xml; charset=utf-8");
    // As Orthanc 1.10.1 writes it.
    expect(await answer.text()).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<root>\n  <ApiVersion>31</ApiVersion>\n  <Name>Größe</Name>\n</root>\n',
    );
    const both = await get("/system", { headers: { Accept: "application/xml;application/json" } });
    expect(both.headers.get("content-type")).toContain("json");
    const now = await get("/tools/now", { headers: { Accept: "application/xml" } });
    expect(await now.text()).toBe("20261123T075718");
  });

  it("redirects with 307", async () => {
    const answer = await get("/");
    expect([answer.status, answer.headers.get("location"), await answer.text()]).toEqual([
      307,
      "app/explorer.html",
      "",
    ]);
  });

  it("describes a ServerError with details and payload", async () => {
    const answer = await get("/unknown-modality");
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({
      Details: "no such modality: X",
      ErrorPayload: { Type: "Dimse" },
      OrthancStatus: 2027,
    });
  });

  it("tells nothing of the inside when something else is thrown", async () => {
    const answer = await get("/fails");
    expect(answer.status).toBe(500);
    const body = await answer.text();
    expect(body).toContain('"OrthancStatus": -1');
    expect(body).not.toContain("secret");
  });

  it("sends empty errors without HttpDescribeErrors", async () => {
    const silent = await startServer(routes, { describeErrors: false });
    const answer = await fetch(`${silent.url}/nope`);
    expect([answer.status, await answer.text()]).toEqual([404, ""]);
    await silent.close();
  });

  it("closes each connection without KeepAlive", async () => {
    const closing = await startServer(routes, { keepAlive: false });
    const answer = await closing.raw("GET /tools/now HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(answer).toContain("Connection: close");
    expect(answer).not.toContain("Keep-Alive:");
    await closing.close();
  });
});

describe("query arguments", () => {
  it("are decoded for GET and do not exist for other methods", async () => {
    expect(await (await get("/patients/x?limit=1%202+3")).json()).toEqual({ id: "x", limit: "1 2 3" });
    const answer = await get("/patients/x?limit=1", { method: "DELETE" });
    expect(await answer.json()).toEqual({ arguments: 0 });
  });
});

describe("the route table", () => {
  it("stops the start when two rows are for the same, or name a variable differently", async () => {
    const twice = [route("GET", "/a/{id}", () => text("")), route("GET", "/a/{id}", () => text(""))];
    await expect(startServer(twice)).rejects.toThrow("Two routes for GET /a/{id}");
    const names = [route("GET", "/a/{id}", () => text("")), route("PUT", "/a/{name}", () => text(""))];
    await expect(startServer(names)).rejects.toThrow("name their variables differently");
  });
});
