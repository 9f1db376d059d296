import { describe, expect, it } from "vitest";
import { route } from "../../test/http-server.ts";
import { ServerError } from "../util/errors.ts";
import { readJson } from "./body.ts";
import { createLocalClient } from "./local-client.ts";
import { empty, json, notFound, stream } from "./reply.ts";

const ask = createLocalClient([
  route("GET", "/things/{name}", ({ parameters, query }) => json({ ...parameters, since: query.get("since") })),
  route("POST", "/things/{name}", async (request) => json(await readJson(request, { empty: "nothing" }))),
  route("DELETE", "/things/{name}", () => empty()),
  route("GET", "/missing", () => notFound()),
  route("GET", "/stream", () => stream("text/plain", numbers())),
  route("GET", "/broken", () => {
    throw new ServerError("BadFileFormat", "no DICOM");
  }),
]);

const echo = async (body?: unknown) => (await ask("POST", "/things/a", body)).json();

async function* numbers(): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from("1");
  await Promise.resolve();
  yield Buffer.from("2");
}

describe("the local client", () => {
  it("asks with path variables and arguments", async () => {
    const answer = await ask("GET", "//things/J%C3%BCrgen/?since=3");
    expect([answer.status, answer.type]).toEqual([200, "application/json; charset=utf-8"]);
    expect(await answer.json()).toEqual({ name: "Jürgen", since: "3" });
  });

  it("sends JSON, text and bytes", async () => {
    expect([await echo({ a: [1] }), await echo("[2]"), await echo(Buffer.from("3")), await echo()]).toEqual([
      { a: [1] },
      [2],
      3,
      "nothing",
    ]);
  });

  it("gives soft misses, empty answers and streams", async () => {
    expect((await ask("GET", "/missing")).status).toBe(404);
    expect(await Array.fromAsync((await ask("DELETE", "/things/a")).body)).toEqual([]);
    expect(Buffer.concat(await Array.fromAsync((await ask("GET", "/stream")).body)).toString()).toBe("12");
  });

  it.each([
    ["GET", "/broken", "BadFileFormat"],
    ["GET", "/nowhere", "UnknownResource"],
    ["PUT", "/things/a", "BadRequest"],
    ["GET", "/things/..", "UriSyntax"],
  ] as const)("throws for %s %s", async (method, target, errorName) => {
    await expect(ask(method, target)).rejects.toMatchObject({ errorName });
  });
});
