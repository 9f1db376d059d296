import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startOrthanc, type OrthancProcess } from "../differential/orthanc-process.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeStudy, type StudyOptions } from "../phantoms/study.ts";
import { ask, askJson } from "../server/ask.ts";
import { upload } from "../server/upload.ts";
import { unpack, type UnpackedFile } from "./unpack.ts";

const studies: readonly StudyOptions[] = [
  { seed: 1, instances: 4, perSeries: 2, patientId: "P1", patientName: "Doe^Jane^^Dr", accessionNumber: "A1" },
  { seed: 2, instances: 2, modality: "MR", patientId: "P1", patientName: "Doe^Jane^^Dr", accessionNumber: "" },
  { seed: 3, instances: 1, modality: "US", patientId: "P2", patientName: "" },
];

/** `folder/folder/folder/` and what is in it. Orthanc 1.13 puts " - " between the parts of a name, and the number of a series in front; 1.10 did not. */
function foldersOf(files: readonly UnpackedFile[], withNumber: boolean): Readonly<Record<string, readonly string[]>> {
  const folders: Record<string, string[]> = {};
  for (const { name, sha1 } of files) {
    const [patient = "", study = "", series = ""] = name.split("/");
    const old = [patient, study, withNumber ? series.replace(/^\d+ - /, "") : series].join("/").replaceAll(" - ", " ");
    (folders[old.replace(/-\d$/, "")] ??= []).push(sha1);
  }
  for (const contents of Object.values(folders)) contents.sort();
  return folders;
}

/** Contents of the files but the DICOMDIR, which have their UIDs and makers. */
function images(files: readonly UnpackedFile[]): readonly string[] {
  return files
    .filter(({ name }) => name !== "DICOMDIR")
    .map(({ sha1 }) => sha1)
    .toSorted();
}

describe.skipIf(!hasTool("Orthanc") || !hasTool("python3"))("the archives of Orthanc", () => {
  let orthanc: OrthancProcess;
  let server: TestServer;
  beforeAll(async () => {
    [orthanc, server] = await Promise.all([startOrthanc({}), startTestServer()]);
    for (const options of studies) {
      for (const { file } of makeStudy({ rows: 16, ...options })) {
        await upload(orthanc.url, file);
        await upload(server.url, file);
      }
    }
  }, 60_000);
  afterAll(() => Promise.all([orthanc.stop(), server.close()]));

  const both = async (path: string): Promise<readonly (readonly UnpackedFile[])[]> => {
    const patients = await askJson<readonly string[]>(orthanc.url, "GET /patients");
    return Promise.all(
      [orthanc.url, server.url].map(async (url, at) => {
        const answer = await ask(url, `POST ${path}`, { body: patients });
        const file = join(server.folder, `${at}.zip`);
        await writeFile(file, answer.bytes);
        return unpack(file);
      }),
    );
  };

  it("have the same files in the same folders", async () => {
    const [theirs = [], ours = []] = await both("/tools/create-archive");
    expect(ours).toHaveLength(7);
    expect(foldersOf(ours, true)).toEqual(foldersOf(theirs, false));
  });

  it("have the same names and files as media", async () => {
    const [theirs = [], ours = []] = await both("/tools/create-media");
    expect(ours.map(({ name }) => name).toSorted()).toEqual(theirs.map(({ name }) => name).toSorted());
    expect(images(ours)).toEqual(images(theirs));
  });

  it("are described alike by their jobs", async () => {
    const patients = await askJson<readonly string[]>(orthanc.url, "GET /patients");
    const [theirs, ours] = await Promise.all(
      [orthanc.url, server.url].map(async (url) => {
        const body = { Resources: patients, Asynchronous: true };
        const { Path } = await askJson<{ readonly Path: string }>(url, "POST /tools/create-archive", { body });
        await expect.poll(async () => (await ask(url, `GET ${Path}/archive`)).status, { timeout: 20_000 }).toBe(200);
        const job = await askJson<{ readonly Content: object; readonly Type: string }>(url, `GET ${Path}`);
        return { ...job.Content, Type: job.Type, ArchiveSize: undefined };
      }),
    );
    expect(ours).toEqual({ ...theirs, Utf8: false });
  });
});
