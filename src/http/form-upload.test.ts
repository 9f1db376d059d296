import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, startServer, type TestServer } from "../../test/http-server.ts";
import type { Log } from "../util/log.ts";
import { readText } from "./body.ts";
import { json } from "./reply.ts";

const files: [string | undefined, string][] = [];
const errors: string[] = [];
const log: Log = { error: (message) => void errors.push(message), warn: () => {}, info: () => {}, trace: () => {} };

const routes = [
  route("POST", "/instances", async (request) => {
    const body = await readText(request);
    if (body === "bad") throw new Error("not DICOM");
    files.push([request.headers["content-type"], body]);
    return json({});
  }),
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer(routes, {}, log);
});
afterAll(() => server.close());

describe("a form with files (behaviour §1.5)", () => {
  it("is posted to its URI file by file, and answered by an empty 200 whatever becomes of them", async () => {
    const form = new FormData();
    form.append("note", "no file");
    form.append("upload", new Blob(["one"], { type: "application/dicom" }), "1.dcm");
    form.append("upload", new Blob(["bad"]), "bad.dcm");
    form.append("upload", new Blob(["two"], { type: "application/zip" }), "2.zip");
    const answer = await fetch(`${server.url}/instances`, { method: "POST", body: form });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(files).toEqual([
      ["application/dicom", "one"],
      ["application/zip", "two"],
    ]);
    expect(errors).toEqual(["A file of a form posted to /instances was not accepted"]);
  });

  it("that is broken is 400", async () => {
    const headers = { "Content-Type": "multipart/form-data; boundary=b" };
    const post = (body: string) => fetch(`${server.url}/instances`, { method: "POST", body, headers });
    expect((await post("--b\r\n\r\nx")).status).toBe(400);
  });
});
