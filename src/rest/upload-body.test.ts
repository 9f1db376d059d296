import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../http/route.ts";
import { openUpload } from "./upload-body.ts";

function request(chunks: readonly Buffer[], headers: Record<string, string> = {}): HttpRequest {
  async function* body() {
    await Promise.resolve();
    yield* chunks;
  }
  return {
    method: "POST",
    path: "/instances",
    parameters: {},
    query: new URLSearchParams(),
    headers,
    body: body(),
    remoteIp: "127.0.0.1",
    username: undefined,
    secure: false,
    signal: new AbortController().signal,
  };
}

const textOf = async (data: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(data)).toString("latin1");

async function* broken() {
  await Promise.resolve();
  yield gzipSync(Buffer.alloc(100_000, "DICM")).subarray(0, 100);
  throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
}

describe("openUpload", () => {
  test("gives the body as it was sent, however it is cut", async () => {
    for (const cuts of [["DICM and more"], ["D", "I", "CM and", " more"], ["", "DICM and more"]]) {
      const { isZip, data } = await openUpload(request(cuts.map((text) => Buffer.from(text))));
      expect(isZip).toBe(false);
      expect(await textOf(data)).toBe("DICM and more");
    }
  });

  test("knows a ZIP archive by its first bytes, also when they come one by one", async () => {
    const bytes = Array.from(Buffer.from("PK\u0003\u0004rest"), (byte) => Buffer.of(byte));
    const { isZip, data } = await openUpload(request(bytes));
    expect(isZip).toBe(true);
    expect(await textOf(data)).toBe("PK\u0003\u0004rest");
  });

  test("takes a DICOM file for what it is, whatever its preamble says (PS3.10 §7.1)", async () => {
    const file = Buffer.alloc(140);
    file.write("PK\u0003\u0004", 0, "latin1");
    file.write("DICM", 128, "latin1");
    expect((await openUpload(request([file.subarray(0, 50), file.subarray(50)]))).isZip).toBe(false);
  });

  test("undoes Content-Encoding: gzip", async () => {
    const compressed = gzipSync("PK\u0003\u0004rest");
    const { isZip, data } = await openUpload(
      request([compressed.subarray(0, 7), compressed.subarray(7)], { "content-encoding": "gzip" }),
    );
    expect(isZip).toBe(true);
    expect(await textOf(data)).toBe("PK\u0003\u0004rest");
  });

  test.each([
    ["an empty body", [], {}, "BadFileFormat"],
    ["an empty body in gzip", [gzipSync("")], { "content-encoding": "gzip" }, "BadFileFormat"],
    ["what is not gzip", [Buffer.from("DICM")], { "content-encoding": "gzip" }, "BadFileFormat"],
    ["another encoding", [Buffer.from("DICM")], { "content-encoding": "br" }, "UnsupportedMediaType"],
  ])("refuses %s", async (_, chunks, headers, errorName) => {
    await expect(openUpload(request(chunks, headers))).rejects.toMatchObject({ errorName });
  });

  test("gzip that breaks off later fails while it is read", async () => {
    const compressed = gzipSync(Buffer.alloc(1_000_000, "DICM"));
    const { data } = await openUpload(request([compressed.subarray(0, 500)], { "content-encoding": "gzip" }));
    await expect(textOf(data)).rejects.toMatchObject({ errorName: "BadFileFormat" });
  });

  test("an error of the connection is passed on as it is", async () => {
    const sent = { ...request([], { "content-encoding": "gzip" }), body: broken() };
    // Whether the error comes with the first bytes or later is up to zlib.
    await expect(openUpload(sent).then(({ data }) => textOf(data))).rejects.toThrow("aborted");
  });
});
