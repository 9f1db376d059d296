import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { route, startServer } from "../../test/http-server.ts";
import { text } from "./reply.ts";

const routes = [
  route("GET", "/who", (request) => text(`${request.username} ${request.remoteIp} ${request.secure}`)),
  route("POST", "/upload", () => text("stored")),
  route("DELETE", "/studies/{id}", () => text("deleted")),
];

const basic = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString("base64")}` });

describe("Basic authentication (behaviour §1.5)", () => {
  it("asks for credentials, and takes those of a registered user only", async () => {
    const server = await startServer(routes, { users: { alice: "s:cret é", bob: "" } });
    const who = (headers: Record<string, string>) => fetch(`${server.url}/who`, { headers });
    const refused = await who({});
    expect([refused.status, await refused.text()]).toEqual([401, ""]);
    expect(refused.headers.get("www-authenticate")).toBe('Basic realm="Orthanc Secure Area"');
    for (const pair of ["alice:wrong", "alice", "Alice:s:cret é", "alice:s:cret é ", ":", "bob:x"]) {
      expect((await who(basic(pair))).status).toBe(401);
    }
    expect((await who({ Authorization: "Bearer abc" })).status).toBe(401);
    expect(await (await who(basic("alice:s:cret é"))).text()).toBe("alice 127.0.0.1 false");
    expect((await who(basic("bob:"))).status).toBe(200);
    // Nothing of the routes is shown before.
    expect((await fetch(`${server.url}/nope`)).status).toBe(401);
    await server.close();
  });

  it("tells the user name also when it is off", async () => {
    const server = await startServer(routes);
    expect(await (await fetch(`${server.url}/who`, { headers: basic("eve:x") })).text()).toMatch(/^eve /);
    expect(await (await fetch(`${server.url}/who`)).text()).toMatch(/^undefined /);
    await server.close();
  });
});

describe("RemoteAccessAllowed", () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.family === "IPv4" && !entry.internal)?.address;

  it.skipIf(address === undefined)("off refuses other machines with 401", async () => {
    const server = await startServer(routes);
    const answer = await fetch(`http://${address}:${server.port}/who`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Basic");
    await server.close();
    const open = await startServer(routes, { remoteAccessAllowed: true });
    expect((await fetch(`http://${address}:${open.port}/who`)).status).toBe(200);
    await open.close();
  });
});

describe("the same-origin guard", () => {
  const attempts: [string, number, Record<string, string>][] = [
    ["a program", 200, {}],
    ["a page of this server", 200, { Origin: "http://pacs:8042", Host: "pacs:8042" }],
    ["a page of another host", 403, { Origin: "http://evil", Host: "pacs:8042" }],
    ["a page of another port", 403, { Origin: "http://pacs:1", Host: "pacs:8042" }],
    ["a sandboxed page", 403, { Origin: "null", Host: "pacs:8042" }],
    [
      "a page behind a proxy that keeps its host",
      200,
      { Origin: "https://pacs", "X-Forwarded-Host": "pacs", Host: "a:1" },
    ],
    ["a page behind a proxy that drops the port", 200, { Origin: "https://pacs:444", Host: "pacs" }],
    [
      "a page behind a standard proxy",
      200,
      { Origin: "https://pacs", Forwarded: 'for=1;host="pacs";proto=https', Host: "a" },
    ],
    ["a form of another site, without Origin", 403, { "Sec-Fetch-Site": "cross-site", Host: "pacs" }],
    ["a user's own navigation", 200, { "Sec-Fetch-Site": "none", Host: "pacs" }],
    ["an old browser, from another site", 403, { Referer: "http://evil/page", Host: "pacs" }],
  ];

  it.each(attempts)("lets %s change something: %i", async (_, status, headers) => {
    const server = await startServer(routes);
    const lines = Object.entries({ Host: "x", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const rest = `HTTP/1.1\r\n${lines.join("")}Connection: close\r\nContent-Length: 0\r\n\r\n`;
    expect(await server.raw(`POST /upload ${rest}`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    // An image of another site.
    expect(await server.raw(`GET /studies/1?_method=DELETE ${rest}`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await server.raw(`GET /who ${rest}`)).toMatch(/^HTTP\/1.1 200 /);
    await server.close();
  });
});

describe("an interceptor", () => {
  it("may answer instead of the route", async () => {
    const server = await startServer(routes, {
      before: [(request) => (request.method === "DELETE" ? Promise.resolve({ status: 403, body: "no" }) : undefined)],
    });
    expect((await fetch(`${server.url}/studies/1`, { method: "DELETE" })).status).toBe(403);
    expect((await fetch(`${server.url}/who`)).status).toBe(200);
    await server.close();
  });
});

describe("listening", () => {
  it("says when the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(startServer(routes, { port, bindAddresses: ["127.0.0.1"] })).rejects.toMatchObject({
      errorName: "HttpPortInUse",
      details: expect.stringContaining(`port ${port} of 127.0.0.1`) as unknown,
    });
    other.close();
  });

  it("listens on the addresses of HttpBindAddresses, all on the same port", async () => {
    const server = await startServer(routes, { bindAddresses: ["127.0.0.2", "127.0.0.3"] });
    for (const host of ["127.0.0.2", "127.0.0.3"]) {
      expect((await fetch(`http://${host}:${server.port}/who`)).status).toBe(200);
    }
    await expect(fetch(`http://127.0.0.1:${server.port}/who`)).rejects.toThrow();
    await server.close();
    await expect(startServer(routes, { bindAddresses: ["192.0.2.1"] })).rejects.toMatchObject({
      errorName: "NetworkProtocol",
    });
  });
});

describe("closing", () => {
  it("lets a request in flight finish, and takes no new one", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const server = await startServer([
      route("GET", "/slow", async () => {
        begun.resolve();
        await gate.promise;
        return text("done");
      }),
    ]);
    const answer = fetch(`${server.url}/slow`);
    await begun.promise;
    const closing = server.close();
    await expect(fetch(`${server.url}/slow`)).rejects.toThrow();
    gate.resolve();
    expect(await (await answer).text()).toBe("done");
    expect((await answer).headers.get("connection")).toBe("close");
    await closing;
  });

  it("ends what does not finish in time", async () => {
    const server = await startServer([route("GET", "/never", () => new Promise(() => {}))], { closeTimeout: 0.1 });
    const answer = fetch(`${server.url}/never`).catch(() => "cut off");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await answer).toBe("cut off");
  });
});

describe("HttpRequestTimeout", () => {
  it("ends a transfer that stands still, but lets a handler think", async () => {
    const server = await startServer(
      [
        route("POST", "/read", async (request) => {
          for await (const _ of request.body);
          return text("read");
        }),
        route("GET", "/think", async () => {
          await new Promise((resolve) => setTimeout(resolve, 700));
          return text("thought");
        }),
      ],
      { requestTimeout: 0.2 },
    );
    expect(await server.raw("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")).not.toContain("200");
    expect(await (await fetch(`${server.url}/think`)).text()).toBe("thought");
    await server.close();
  });
});
