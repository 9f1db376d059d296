import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { type Stored, uploadStudy } from "./upload.ts";

const run = promisify(execFile);

const images = [...makeStudy({ rows: 16, instances: 3 })].map(({ file }) => file);
const [image = Buffer.alloc(0)] = images;

const statuses = (text: string) => (JSON.parse(text) as readonly Stored[]).map(({ Status }) => Status);

describe("POST /instances (behaviour §2.8)", () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer();
    folder = await mkdtemp(join(tmpdir(), "greyhaven-uploads-"));
    for (const [index, file] of images.entries()) await writeFile(join(folder, `image${index}.dcm`), file);
    await writeFile(join(folder, "readme.txt"), "no image");
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    const Resources = await askJson<readonly string[]>(server.url, "GET /patients");
    await ask(server.url, "POST /tools/bulk-delete", { body: { Resources } });
  });

  const post = (body: Buffer | string, headers: Record<string, string> = {}) =>
    ask(server.url, "POST /instances", { body, headers });
  const count = async (): Promise<number> => (await askJson<readonly unknown[]>(server.url, "GET /instances")).length;

  it("names the instance and its ancestors; again: AlreadyStored", async () => {
    const { json } = await post(image, { "content-type": "application/dicom" });
    const hash = /^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/;
    const stored = {
      ID: expect.stringMatching(hash),
      ParentPatient: expect.stringMatching(hash),
      ParentStudy: expect.stringMatching(hash),
      ParentSeries: expect.stringMatching(hash),
      Path: expect.stringMatching(/^\/instances\//),
    };
    expect(json()).toEqual({ ...stored, Status: "Success" });
    expect((await post(image)).json()).toEqual({ ...stored, Status: "AlreadyStored" });
  });

  it("whatever the Content-Type says", async () => {
    for (const type of ["application/octet-stream", "text/plain", "application/x-www-form-urlencoded", ""]) {
      expect((await post(image, { "content-type": type })).status).toBe(200);
    }
  });

  it("in chunks, of which one is shorter than the preamble", async () => {
    async function* chunks(): AsyncGenerator<Buffer> {
      await Promise.resolve();
      for (const [from, to] of [[0, 1], [1, 130], [130, 1000], [1000]] as const) yield image.subarray(from, to);
    }
    const { ID } = await askJson<Stored>(server.url, "POST /instances", { body: chunks() });
    expect((await ask(server.url, `GET /instances/${ID}/file`)).bytes.equals(image)).toBe(true);
  });

  it("compressed (Content-Encoding: gzip)", async () => {
    expect((await post(gzipSync(image), { "content-encoding": "gzip" })).json()).toMatchObject({ Status: "Success" });
    expect((await post(image, { "content-encoding": "br" })).status).toBe(415);
  });

  it.each(["DICOM", "", "<html></html>"])("%j is refused with a reason", async (text) => {
    const answer = await post(text);
    expect([answer.status, answer.headers["content-type"]]).toEqual([400, "text/plain"]);
    expect(answer.json()).toMatchObject({ OrthancStatus: 15, Details: expect.stringMatching(/.{10}/) });
  });

  it("cut short is refused, and leaves nothing", async () => {
    expect((await post(image.subarray(0, image.length - 100))).status).toBe(400);
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountPatients: 0, TotalDiskSize: "0" });
  });

  it("a client that goes away leaves nothing", async () => {
    const large = makeLargeInstance(20_000_000);
    async function* broken(): AsyncGenerator<Buffer> {
      let sent = 0;
      for await (const chunk of large.stream()) {
        yield chunk;
        if ((sent += chunk.length) > 5_000_000) throw new Error("gone");
      }
    }
    await expect(ask(server.url, "POST /instances", { body: broken() })).rejects.toThrow();
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountPatients: 0, TotalDiskSize: "0" });
    expect((await post(image)).status).toBe(200);
  });

  it.skipIf(!hasTool("zip"))("an archive, as the program zip writes it: an answer for each DICOM file", async () => {
    await run("zip", ["-q", "images.zip", "image0.dcm", "image1.dcm", "readme.txt"], { cwd: folder });
    const upload = () =>
      run("curl", ["-sS", "--data-binary", "@images.zip", `${server.url}/instances`], { cwd: folder });
    expect(statuses((await upload()).stdout)).toEqual(["Success", "Success"]);
    expect(statuses((await upload()).stdout)).toEqual(["AlreadyStored", "AlreadyStored"]);
    expect(await count()).toBe(2);
  });

  it.skipIf(!hasTool("curl"))("a form with files, as browsers and curl send it: 200 without a body", async () => {
    const files = images.flatMap((_, index) => ["-F", `files=@image${index}.dcm;type=application/octet-stream`]);
    const form = [...files, "-F", "files=@readme.txt", "-w", "%{http_code}", `${server.url}/instances`];
    expect((await run("curl", ["-sS", ...form], { cwd: folder })).stdout).toBe("200");
    expect(await count()).toBe(3);
  });

  it.skipIf(!hasTool("curl"))("after Expect: 100-continue", async () => {
    const options = ["-sS", "-H", "Expect: 100-continue", "--data-binary", "@image0.dcm", "-v"];
    const { stdout, stderr } = await run("curl", [...options, `${server.url}/instances`], { cwd: folder });
    expect(stderr).toContain("HTTP/1.1 100 Continue");
    expect(JSON.parse(stdout)).toMatchObject({ Status: "Success" });
  });

  it("many at the same time, each stored once", async () => {
    const study = [...makeStudy({ rows: 8, instances: 40, seed: 8 })].map(({ file }) => file);
    const answers = await Promise.all([...study, ...study].map((file) => post(file)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const outcomes = answers.map(({ json }) => (json() as Stored).Status);
    expect(outcomes.filter((outcome) => outcome === "Success")).toHaveLength(40);
    expect(outcomes.filter((outcome) => outcome === "AlreadyStored")).toHaveLength(40);
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountInstances: 40, CountSeries: 1 });
  });
});

describe("DELETE (behaviour §2.7)", () => {
  it("names the nearest ancestor that is left, and files go with their rows", async () => {
    const server = await startTestServer();
    const [first, second, third] = await uploadStudy(server.url, { instances: 4, perSeries: 2 });
    const remove = (path: string) => askJson(server.url, `DELETE ${path}`);
    expect(await remove(`/instances/${first.ID}`)).toEqual({
      RemainingAncestor: { ID: first.ParentSeries, Path: `/series/${first.ParentSeries}`, Type: "Series" },
    });
    expect(await remove(`/instances/${second?.ID}`)).toEqual({
      RemainingAncestor: { ID: first.ParentStudy, Path: `/studies/${first.ParentStudy}`, Type: "Study" },
    });
    expect(await remove(`/series/${third?.ParentSeries}`)).toEqual({ RemainingAncestor: null });
    const again = await ask(server.url, `DELETE /series/${third?.ParentSeries}`);
    expect([again.status, again.text()]).toEqual([404, ""]);
    expect(await askJson(server.url, "GET /statistics")).toMatchObject({ CountPatients: 0, TotalDiskSize: "0" });
    await server.close();
  });
});
