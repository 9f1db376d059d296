import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readlink, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeStudy, type StudyOptions } from "../phantoms/study.ts";
import { ask, type AskOptions } from "../server/ask.ts";
import { folderForTest } from "../server/server-for-test.ts";
import { uploadStudy } from "../server/upload.ts";
import { run, unpack, type UnpackedFile } from "./unpack.ts";

const sha1 = (data: Buffer): string => createHash("sha1").update(data).digest("hex");
const text = (value: string): Buffer => Buffer.from(value);

/** The files of an archive that the server answers with. */
async function fetchArchive(target: string, options?: AskOptions): Promise<readonly UnpackedFile[]> {
  const answer = await ask(server.url, target, options);
  expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/zip"]);
  const file = join(server.folder, "fetched.zip");
  await writeFile(file, answer.bytes);
  return unpack(file);
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const folderOf = (files: readonly UnpackedFile[]): string | undefined => files[0]?.name.split("/")[0];
const names = (files: readonly UnpackedFile[]): readonly string[] => files.map(({ name }) => name);

describe.skipIf(!hasTool("python3"))("an archive", () => {
  it("holds the files as they were stored, by patient, study and series", async () => {
    const options: StudyOptions = { rows: 16, instances: 4, perSeries: 2, patientId: "P1", patientName: "Doe^Jane" };
    const study = [...makeStudy({ ...options, accessionNumber: "A1" })];
    const stored = await uploadStudy(server.url, { ...options, accessionNumber: "A1" });
    const files = await fetchArchive(`GET /studies/${stored[0].ParentStudy}/archive`);
    expect(new Set(files.map((file) => file.sha1))).toEqual(new Set(study.map(({ file }) => sha1(file))));
    const [folder] = new Set(names(files).map((name) => name.split("/").slice(0, 2).join("/")));
    expect(folder).toBe("P1 - Doe Jane/A1 - Phantom study");
    expect(new Set(names(files)).size).toBe(4);
    for (const name of names(files)) expect(name.split("/")[3]).toMatch(/^CT00000[1-4]\.dcm$/);
    const series = await fetchArchive(`GET /series/${stored[0].ParentSeries}/archive`);
    expect(series).toHaveLength(2);
    const patient = await fetchArchive(`GET /patients/${stored[0].ParentPatient}/archive`);
    expect(patient).toHaveLength(4);
  });

  it("is of several resources, each file once", async () => {
    const first = await uploadStudy(server.url, { instances: 3, seed: 1 });
    const second = await uploadStudy(server.url, { instances: 2, seed: 2 });
    const ids = [first[1]?.ID ?? "", first[0].ParentStudy, second[0].ID];
    const files = await fetchArchive(`GET /tools/create-archive?resources=${ids.join(",")}`);
    expect(files).toHaveLength(4);
    for (const body of [ids, { Resources: ids }]) {
      expect(names(await fetchArchive("POST /tools/create-archive", { body }))).toEqual(names(files));
    }
    expect(await fetchArchive("POST /tools/create-archive", { body: [] })).toEqual([]);
  });

  it("has a name that the client may choose", async () => {
    const [{ ParentSeries: id }] = await uploadStudy(server.url);
    const disposition = async (target: string, body?: object): Promise<unknown> =>
      (await ask(server.url, target, body === undefined ? {} : { body })).headers["content-disposition"];
    expect(await disposition(`GET /series/${id}/archive`)).toBe(`filename="${id}.zip"`);
    expect(await disposition(`GET /series/${id}/archive?filename=mine.zip`)).toBe('filename="mine.zip"');
    expect(await disposition(`POST /series/${id}/archive`, {})).toBe(`filename="${id}.zip"`);
    expect(await disposition("POST /tools/create-archive", { Resources: [id] })).toBe('filename="Archive.zip"');
    expect(await disposition("POST /tools/create-media", { Resources: [id], Filename: "disc.zip" })).toBe(
      'filename="disc.zip"',
    );
  });

  it("keeps letters beyond ASCII when asked to", async () => {
    const [{ ParentStudy }] = await uploadStudy(server.url, {
      patientId: "P",
      patientName: "Müller^Jérôme",
      attributes: [[0x00080005, "CS", "ISO_IR 192"]],
    });
    expect(folderOf(await fetchArchive(`GET /studies/${ParentStudy}/archive`))).toBe("P - Muller Jerome");
    const utf8 = { body: { Utf8: true } };
    expect(folderOf(await fetchArchive(`POST /studies/${ParentStudy}/archive`, utf8))).toBe("P - Müller Jérôme");
  });

  it("is transcoded where that is possible, and as stored elsewhere", async () => {
    const [{ ParentStudy: deep }] = await uploadStudy(server.url, { seed: 5, modality: "CT" });
    const [{ ParentStudy: shallow }] = await uploadStudy(server.url, { seed: 5, modality: "US", rows: 16 });
    const baseline = "1.2.840.10008.1.2.4.50";
    const target = `GET /tools/create-archive?resources=${deep},${shallow}&transcode=${baseline}&lossy-quality=50`;
    await writeFile(join(server.folder, "transcoded.zip"), (await ask(server.url, target)).bytes);
    run("unzip", "-q", join(server.folder, "transcoded.zip"), "-d", join(server.folder, "transcoded"));
    const dump = run("dcmdump", "+sd", "+r", "-q", "+P", "TransferSyntaxUID", join(server.folder, "transcoded"));
    expect(dump.match(/=\w+/g)?.toSorted()).toEqual(["=JPEGBaseline", "=LittleEndianExplicit"]);
  });
});

describe("SynchronousZipStream false", () => {
  it("writes an archive to the disk before it is sent, with its length, and removes it", async () => {
    const folder = await folderForTest();
    const disk = await startTestServer({ SynchronousZipStream: false }, { folder });
    const [{ ParentSeries: id }] = await uploadStudy(disk.url, { instances: 3 });
    const { bytes, headers } = await ask(disk.url, `GET /series/${id}/archive`);
    expect(headers["content-length"]).toBe(String(bytes.length));
    await disk.close();
    // The instances' files only.
    const blobs = await readdir(join(folder, "storage"), { recursive: true });
    expect(blobs.filter((name) => /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name))).toHaveLength(3);
  });
});

describe("what is no archive", () => {
  it.each([
    ["GET /series/none/archive", undefined, 404, 7],
    ["GET /studies/none/media", undefined, 404, 7],
    ["POST /patients/none/archive", {}, 404, 7],
    ["GET /tools/create-archive?resources=none", undefined, 404, 17],
    ["GET /tools/create-archive", undefined, 400, 8],
    ["POST /tools/create-archive", ["none"], 404, 17],
    ["POST /tools/create-archive", {}, 400, 15],
    ["POST /tools/create-archive", { Resources: "none" }, 400, 15],
    ["POST /tools/create-archive", { Resources: [1] }, 400, 15],
    ["POST /tools/create-archive", text(""), 400, 15],
    ["POST /tools/create-archive", text("3"), 400, 15],
    ["POST /tools/create-archive", { Resources: [], Transcode: "1.2" }, 400, 3],
    ["POST /tools/create-archive", { Resources: [], LossyQuality: 101 }, 400, 3],
    ["GET /tools/create-media?resources=&transcode=1.2", undefined, 400, 3],
  ])("%s %j", async (target, body, status, orthancStatus) => {
    const answer = await ask(server.url, target, body === undefined ? {} : { body });
    expect([answer.status, answer.json()]).toMatchObject([status, { OrthancStatus: orthancStatus }]);
  });

  it("is a series under the address of studies", async () => {
    const [{ ParentSeries }] = await uploadStudy(server.url);
    expect((await ask(server.url, `GET /studies/${ParentSeries}/archive`)).status).toBe(404);
  });
});

describe.skipIf(process.platform !== "linux")("a client that goes away", () => {
  it("leaves no file open", async () => {
    const { ParentSeries } = (await uploadStudy(server.url, { seed: 9, rows: 512, instances: 20 }))[0];
    const request = get(`${server.url}/series/${ParentSeries}/archive`);
    const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
    await once(response, "readable");
    request.destroy();
    await expect.poll(openBlobs).toEqual([]);
  });
});

/** Files of the storage that this process has open. */
async function openBlobs(): Promise<readonly string[]> {
  const descriptors = await readdir("/proc/self/fd");
  const paths = await Promise.all(descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")));
  return paths.filter((path) => /-[0-9a-f]{4}-[0-9a-f]{12}$/.test(path));
}
