import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { noLog, type Log } from "../util/log.ts";
import type { HttpClient, HttpClientOptions } from "./client.ts";
import { createHttpClient } from "./fetch-client.ts";

const defaults: HttpClientOptions = {
  timeout: 5,
  verifyPeers: true,
  certificateAuthorities: undefined,
  proxy: undefined,
  verbose: false,
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function client(options: Partial<HttpClientOptions> = {}, log: Log = noLog): HttpClient {
  const created = createHttpClient({ ...defaults, ...options }, log);
  closing.push(() => created.close());
  return created;
}

interface Remote {
  readonly url: string;
  readonly connections: () => number;
}

async function remote(
  answer: (message: IncomingMessage, response: ServerResponse, socket: Socket) => void,
): Promise<Remote> {
  let connections = 0;
  const server: Server = createServer((message, response) => answer(message, response, message.socket));
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  };
}

const credentials = (tokens: string[], rejected: string[] = []) => ({
  headers: () => Promise.resolve({ Authorization: `Bearer ${tokens[0]}` }),
  rejected: (given?: Readonly<Record<string, string>>) => {
    tokens.shift();
    rejected.push(given?.["Authorization"] ?? "");
  },
});

/** Answers the first request of each connection, and breaks the connection at the second one. */
const breaking = () => {
  const used = new WeakSet<Socket>();
  const seen: string[] = [];
  return {
    seen,
    answer: (message: IncomingMessage, response: ServerResponse, socket: Socket) => {
      seen.push(message.method ?? "");
      if (used.has(socket)) socket.destroy();
      else message.resume().on("end", () => response.end("ok"));
      used.add(socket);
    },
  };
};

/** undici offers a connection again only after a turn of the event loop. */
const untilIdle = () => new Promise((resolve) => setTimeout(resolve, 20));

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const streamed = () => chunks("stre", "am");
const large = () => chunks(...Array.from({ length: 100 }, () => "x".repeat(256 * 1024)));

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("x");
  throw new RangeError("the file is gone");
}

async function* slow(): AsyncGenerator<Uint8Array> {
  for (const text of ["1", "2", "3"]) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    yield Buffer.from(text);
  }
}

/** The value once it has grown and stopped growing. */
async function stable(count: () => number): Promise<number> {
  for (let last = 0; last === 0 || last !== count();) {
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return count();
}

function echo(message: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "X-Request": JSON.stringify(message.headers), "Set-Cookie": ["a=1", "b=2"] });
  message.pipe(response);
}

describe("createHttpClient", () => {
  it("sends text, bytes and streams, and reads the answer", async () => {
    const { url } = await remote(echo);
    const http = client();
    const post = async (body: string | Uint8Array | (() => AsyncIterable<Uint8Array>), contentLength?: number) => {
      const known = contentLength === undefined ? {} : { contentLength };
      const answer = await http.request({ method: "POST", url, body, ...known });
      const { "content-length": length, "transfer-encoding": encoding } = JSON.parse(
        answer.headers["x-request"] ?? "",
      ) as Record<string, string>;
      return [await answer.text(), length ?? encoding];
    };
    expect(await post("Größe")).toEqual(["Größe", "7"]);
    expect(await post(Buffer.from("bytes").subarray(1))).toEqual(["ytes", "4"]);
    expect(await post(streamed)).toEqual(["stream", "chunked"]);
    expect(await post(streamed, 6)).toEqual(["stream", "6"]);
    expect((await post(Buffer.alloc(3_000_000, "x")))[0]).toHaveLength(3_000_000);
  });

  it("joins repeated headers, and keeps its own for the connection", async () => {
    const { url } = await remote(echo);
    const headers = { Expect: "100-continue", "Transfer-Encoding": "x", Accept: "a/b", "X-Own": "1" };
    const answer = await client().request({ method: "GET", url, headers });
    expect(answer.headers["set-cookie"]).toBe("a=1, b=2");
    const sent = JSON.parse(answer.headers["x-request"] ?? "") as Record<string, string>;
    expect(sent).toMatchObject({ accept: "a/b", "x-own": "1" });
    expect(sent).not.toHaveProperty("expect");
    await answer.discard();
  });

  it("keeps connections", async () => {
    const { url, connections } = await remote(echo);
    const http = client();
    for (let index = 0; index < 5; index++) {
      await (await http.request({ method: "GET", url })).discard();
      await untilIdle();
    }
    expect(connections()).toBe(1);
  });

  it("reads no more of an answer than it is allowed", async () => {
    const { url } = await remote((_, response) => void response.end(Buffer.alloc(100_000)));
    const answer = await client().request({ method: "GET", url });
    await expect(answer.bytes(1000)).rejects.toMatchObject({ errorName: "NetworkProtocol", layer: "http" });
  });

  it("lets the source and the other side wait for each other", async () => {
    let produced = 0;
    const gate = Promise.withResolvers<void>();
    const { url } = await remote((message, response) => {
      message.pause();
      void gate.promise.then(() => message.resume().on("end", () => response.end("done")));
    });
    async function* source(): AsyncGenerator<Uint8Array> {
      for (; produced < 200; produced++) yield Buffer.alloc(256 * 1024);
    }
    const answer = client().request({ method: "POST", url, body: source });
    expect(await stable(() => produced)).toBeLessThan(100);
    gate.resolve();
    expect(await (await answer).text()).toBe("done");
    expect(produced).toBe(200);
  });
});

describe("credentials", () => {
  it("are asked for each request; after 401 once more, with the whole body", async () => {
    const seen: string[] = [];
    const { url } = await remote((message, response) => {
      let body = "";
      message.on("data", (chunk: Buffer) => (body += chunk.toString()));
      message.on("end", () => {
        seen.push(`${message.headers.authorization} ${body}`);
        response.writeHead(message.headers.authorization === "Bearer new" ? 200 : 401).end("x");
      });
    });
    const http = client();
    const rejected: string[] = [];
    const request = { method: "POST", url, body: streamed, headers: { authorization: "Basic own" } };
    const answer = await http.request({ ...request, credentials: credentials(["old", "new"], rejected) });
    expect([answer.status, rejected]).toEqual([200, ["Bearer old"]]);
    await answer.discard();
    expect(seen).toEqual(["Bearer old stream", "Bearer new stream"]);
    const refused = await http.request({ ...request, credentials: credentials(["bad", "worse", "never"]) });
    expect(refused.status).toBe(401);
    expect(seen.slice(2)).toEqual(["Bearer bad stream", "Bearer worse stream"]);
    await refused.discard();
    const without = await http.request(request);
    expect([without.status, seen.length]).toEqual([401, 5]);
    await without.discard();
  });

  it.each([
    ["and goes on reading", false],
    ["and closes the connection", true],
  ])("an answer that comes while the body is still sent is seen (%s)", async (_, close) => {
    const { url } = await remote((message, response) => {
      if (message.headers.authorization === "Bearer new") {
        message.resume().on("end", () => response.end("stored"));
        return;
      }
      response.writeHead(401, close ? { Connection: "close" } : {}).end("no");
      message.resume();
    });
    const answer = await client().request({
      method: "POST",
      url,
      body: large,
      credentials: credentials(["old", "new"]),
    });
    expect([answer.status, await answer.text()]).toEqual([200, "stored"]);
  });
});

describe("a broken connection", () => {
  it("is no failure for what may be repeated", async () => {
    const { seen, answer } = breaking();
    const { url } = await remote(answer);
    const http = client();
    for (const method of ["GET", "GET", "DELETE"]) {
      const response = await http.request({ method, url });
      expect(await response.text()).toBe("ok");
      await untilIdle();
    }
    expect(seen).toEqual(["GET", "GET", "GET", "DELETE", "DELETE"]);
  });

  it("is a failure for a POST that was sent: it may have been done", async () => {
    const { seen, answer } = breaking();
    const { url } = await remote(answer);
    const http = client();
    await (await http.request({ method: "GET", url })).discard();
    await untilIdle();
    await expect(http.request({ method: "POST", url, body: "x" })).rejects.toMatchObject({
      errorName: "NetworkProtocol",
      layer: "http",
    });
    expect(seen).toEqual(["GET", "POST"]);
  });

  it("in the middle of an answer fails its reader", async () => {
    const { url } = await remote((_, response, socket) => {
      response.writeHead(200, { "Content-Length": 10 }).write("abc");
      setTimeout(() => socket.destroy(), 20);
    });
    const answer = await client().request({ method: "GET", url });
    await expect(answer.text()).rejects.toMatchObject({ layer: "http" });
  });

  it("is no failure when the own source fails: that is reported as it is", async () => {
    const { url } = await remote((message) => void message.resume());
    await expect(client().request({ method: "POST", url, body: failing })).rejects.toThrow(RangeError);
  });
});

describe("the timeout", () => {
  it("fails a request that gets no answer", async () => {
    const { url } = await remote(() => {});
    await expect(client({ timeout: 0.1 }).request({ method: "GET", url })).rejects.toMatchObject({
      errorName: "Timeout",
      layer: "timeout",
      details: `${new URL(url).host}: no progress for 0.1 s while waiting for the answer`,
    });
  });

  it("fails an answer that stands still, and an upload that nobody takes", async () => {
    const { url } = await remote((message, response) => {
      if (message.method === "GET") response.writeHead(200).write("abc");
      else message.pause();
    });
    const answer = await client().request({ method: "GET", url, connection: { timeout: 0.1 } });
    await expect(answer.text()).rejects.toMatchObject({ errorName: "Timeout" });
    const upload = { method: "PUT", url, body: Buffer.alloc(50_000_000), connection: { timeout: 0.3 } };
    await expect(client().request(upload)).rejects.toMatchObject({
      details: expect.stringContaining("while sending the request") as unknown,
    });
  });

  it("is for progress, not for the whole: slow sources, slow servers and slow readers are fine", async () => {
    const { url } = await remote((message, response) => {
      message.resume().on("end", () => {
        response.write("a");
        setTimeout(() => response.write("b"), 200);
        setTimeout(() => response.end("c"), 400);
      });
    });
    const answer = await client({ timeout: 0.35 }).request({ method: "POST", url, body: slow });
    let text = "";
    for await (const chunk of answer.body) {
      text += chunk.toString();
      if (text === "abc") await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(text).toBe("abc");
  });

  it("does not matter when the caller gives up: its reason comes back", async () => {
    const { url } = await remote(() => {});
    const controller = new AbortController();
    const answer = client().request({ method: "GET", url, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("stopped by the user")), 30);
    await expect(answer).rejects.toThrow("stopped by the user");
    await expect(client().request({ method: "GET", url, signal: controller.signal })).rejects.toThrow(
      "stopped by the user",
    );
  });
});

describe("HttpVerbose", () => {
  it("logs requests and answers without secrets", async () => {
    const { url } = await remote(echo);
    const lines: string[] = [];
    const print = (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`);
    const log: Log = { error: print, warn: print, info: print, trace: print };
    const { host } = new URL(url);
    const answer = await client({ verbose: true }, log).request({
      method: "GET",
      url: `http://user:hunter2@${host}/x?assertion=hunter2&refresh_token=hunter2&a=1`,
      headers: { Authorization: "Bearer hunter2", Cookie: "hunter2", "X-Shown": "yes" },
    });
    await answer.discard();
    expect(lines[0]).toContain(`> GET http://${host}/x?assertion=***&refresh_token=***&a=1`);
    expect(lines[0]).toContain('"x-shown":"yes"');
    expect(lines[1]).toContain(`< 200 of ${host}`);
    expect(lines.join("\n").replace(/"x-request":"(?:\\.|[^"\\])*"/, "")).not.toContain("hunter2");
  });
});
