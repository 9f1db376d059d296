import { describe, expect, it, test } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startOrthanc } from "../differential/orthanc-process.ts";
import { makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { uploadStudy } from "./upload.ts";

interface Listed {
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: string | undefined;
}

/** The children of a folder as PROPFIND tells them; the hrefs are checked to lead to the folder's own children. */
async function list(url: string, path: string): Promise<readonly Listed[]> {
  const answer = await ask(url, `PROPFIND ${encodeURI(path)}`, { headers: { Depth: "1" } });
  expect([path, answer.status]).toEqual([path, 207]);
  const [, ...responses] = answer.text().split(/<D:response>/);
  return responses.slice(1).map((response) => ({
    path: decodeURIComponent(/<D:href>([^<]*)</.exec(response)?.[1] ?? ""),
    isFolder: response.includes("<D:collection"),
    size: /getcontentlength>(\d+)/.exec(response)?.[1],
  }));
}

/** Every path of the tree below `path`, folders with a slash, files with their size. */
async function walk(url: string, path: string): Promise<readonly string[]> {
  const children = await list(url, path);
  const below = await Promise.all(
    children.map(async (child) =>
      child.isFolder ? [`${child.path}/`, ...(await walk(url, child.path))] : [`${child.path} ${child.size}`],
    ),
  );
  return below.flat();
}

const studies = [
  { seed: 1, instances: 2, patientName: "Doe^Jane", attributes: [] },
  { seed: 2, instances: 3, perSeries: 2, patientName: "Roe^Richard", studyDate: "20260105", modality: "MR" },
  { seed: 3, instances: 1, patientName: "", patientId: "only-id", studyDate: "" },
] as const;

function missing(): never {
  throw new Error("The study has no instances");
}

describe("/webdav", () => {
  it.skipIf(!hasTool("Orthanc"))("shows the same tree as Orthanc", async () => {
    const orthanc = await startOrthanc({ Plugins: [] });
    const server = await serverForTest();
    try {
      for (const study of studies) {
        await uploadStudy(server.url, study);
        for (const { file } of makeStudy({ rows: 8, ...study })) {
          await askJson(orthanc.url, "POST /instances", { body: file });
        }
      }
      // Which of two series of the same name gets a number is up to the server.
      const named = async (url: string, branch: string) =>
        (await walk(url, `/webdav/${branch}`))
          .map((line) => line.replace(/[0-9a-f-]{44}|( \(1\))?\/[^/]*\.dcm/g, ""))
          .toSorted();
      for (const branch of ["by-patients", "by-studies", "by-dates"]) {
        expect(await named(server.url, branch)).toEqual(await named(orthanc.url, branch));
      }
      // The JSON files differ: newer versions of Orthanc describe more.
      const uids = async (url: string) =>
        (await walk(url, "/webdav/by-uids")).map((line) => line.replace(/json \d+$/, "json"));
      expect((await uids(server.url)).toSorted()).toEqual((await uids(orthanc.url)).toSorted());
    } finally {
      await orthanc.stop();
    }
  });

  it("gives files, and their properties to HEAD", async () => {
    const server = await serverForTest();
    const [{ file, uids } = missing()] = makeStudy({ rows: 8, instances: 1 });
    const { ID } = await askJson<{ ID: string }>(server.url, "POST /instances", { body: file });
    const series = `/webdav/by-uids/${uids.StudyInstanceUID}/${uids.SeriesInstanceUID}`;
    const read = await ask(server.url, `GET ${series}/${uids.SOPInstanceUID}.dcm`);
    expect(read.bytes.equals(file)).toBe(true);
    expect(read.headers["content-type"]).toBe("application/dicom");
    const head = await ask(server.url, `HEAD ${series}/${uids.SOPInstanceUID}.dcm`);
    expect([head.status, head.headers["content-length"]]).toEqual([200, String(file.length)]);
    expect((await ask(server.url, `GET ${series}/series.json`)).json()).toMatchObject({
      Instances: [ID],
      Type: "Series",
    });
    for (const path of ["", "/by-uids", "/nothing", "/by-uids/1.2.3/study.json"]) {
      expect((await ask(server.url, `GET /webdav${path}`)).status).toBe(404);
    }
  });

  it("takes what is put into uploads, and shows only the folders made there", async () => {
    const server = await serverForTest();
    const [phantom] = makeStudy({ rows: 8, instances: 1 });
    const put = (path: string, body: Buffer | string) => ask(server.url, `PUT /webdav/${path}`, { body });
    expect((await ask(server.url, "MKCOL /webdav/uploads/today")).status).toBe(201);
    expect((await ask(server.url, "MKCOL /webdav/uploads/today")).status).toBe(405);
    expect((await ask(server.url, "MKCOL /webdav/uploads/a/b")).status).toBe(409);
    expect((await put("uploads/today/image.dcm", "")).status).toBe(201);
    expect((await put("uploads/today/image.dcm", phantom?.file ?? "")).status).toBe(201);
    expect((await put("uploads/nowhere/image.dcm", phantom?.file ?? "")).status).toBe(409);
    expect((await put("by-uids/image.dcm", phantom?.file ?? "")).status).toBe(403);
    expect((await put("uploads/text.txt", "no DICOM")).status).toBe(400);
    const [id] = await askJson<string[]>(server.url, "GET /instances");
    expect((await ask(server.url, `GET /instances/${id}/metadata/Origin`)).text()).toBe("WebDav");
    expect(await walk(server.url, "/webdav/uploads")).toEqual(["/webdav/uploads/today/"]);
    expect((await ask(server.url, "DELETE /webdav/uploads/today")).status).toBe(204);
    expect(await walk(server.url, "/webdav/uploads")).toEqual([]);
  });

  it("deletes only where it is allowed", async () => {
    const forbidding = await serverForTest();
    const [{ ParentStudy }] = await uploadStudy(forbidding.url);
    const [study] = await list(forbidding.url, "/webdav/by-studies");
    expect((await ask(forbidding.url, `DELETE ${encodeURI(study?.path ?? "")}`)).status).toBe(403);
    expect(await askJson(forbidding.url, "GET /studies")).toEqual([ParentStudy]);

    const allowing = await serverForTest({ WebDavDeleteAllowed: true });
    await uploadStudy(allowing.url);
    expect((await ask(allowing.url, "DELETE /webdav/by-studies")).status).toBe(403);
    expect((await ask(allowing.url, `DELETE ${encodeURI(study?.path ?? "")}`)).status).toBe(204);
    expect((await ask(allowing.url, `DELETE ${encodeURI(study?.path ?? "")}`)).status).toBe(404);
    expect(await askJson(allowing.url, "GET /patients")).toEqual([]);
  });

  it("is what the options make of it", async () => {
    const none = await serverForTest({ WebDavEnabled: false });
    expect((await ask(none.url, "PROPFIND /webdav", { headers: { Depth: "0" } })).status).toBe(404);
    const reading = await serverForTest({ WebDavUploadAllowed: false });
    expect((await list(reading.url, "/webdav/")).map(({ path }) => path)).toEqual(
      ["by-dates", "by-patients", "by-studies", "by-uids"].map((name) => `/webdav/${name}`),
    );
    expect((await ask(reading.url, "PUT /webdav/uploads/a.dcm", { body: "x" })).status).toBe(403);
  });
});

test("clients are told what is there: classes 1 and 2, tokens for locks, no endless listings", async () => {
  const { url } = await serverForTest();
  const options = await ask(url, "OPTIONS /webdav");
  expect([options.status, options.headers["dav"]]).toEqual([200, "1,2"]);
  const locked = await ask(url, "LOCK /webdav/uploads/a.dcm", { body: "<lockinfo/>" });
  expect([locked.status, locked.headers["lock-token"]]).toEqual([200, expect.stringMatching(/^<opaquelocktoken:.+>$/)]);
  expect((await ask(url, "UNLOCK /webdav/uploads/a.dcm")).status).toBe(204);
  expect((await ask(url, "LOCK /webdav/by-uids")).status).toBe(403);
  expect((await ask(url, "PROPPATCH /webdav/uploads/a.dcm", { body: "<x/>" })).text()).toContain("403 Forbidden");
  expect((await ask(url, "PROPFIND /webdav")).status).toBe(403);
  expect((await ask(url, "PROPFIND /instances")).status).toBe(404);
});
