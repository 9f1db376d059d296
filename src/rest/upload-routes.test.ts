import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import { sharedData } from "../../test/shared-data.ts";
import type { IngestResult } from "../archive/archive.ts";
import { createZipImport } from "../archive/zip-import.ts";
import { noLog } from "../util/log.ts";
import { callRoute } from "../../test/call-route.ts";
import { uploadRoutes } from "./upload-routes.ts";

const opened = await openMemoryArchive();
const { archive } = opened;
afterAll(() => opened.close());

const routes = uploadRoutes({
  archive,
  importZip: createZipImport({ archive, log: noLog, maximumFileSize: 2 ** 30 }),
});
const upload = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
  callRoute(routes, "POST /instances", { body, headers });

/** Orthanc's identifiers: SHA-1 of the DICOM identifiers joined by `|`, in groups of eight digits. */
const identifier = (...uids: string[]) => hash("sha1", uids.join("|")).replaceAll(/(.{8})(?!$)/g, "$1-");

const phantom = makeImage({ rows: 8 });

describe("POST /instances", () => {
  test("stores a file and names the instance and its ancestors", async () => {
    const { PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = phantom.uids;
    const instance = identifier(PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID);
    const answer = {
      ID: instance,
      ParentPatient: identifier(PatientID),
      ParentSeries: identifier(PatientID, StudyInstanceUID, SeriesInstanceUID),
      ParentStudy: identifier(PatientID, StudyInstanceUID),
      Path: `/instances/${instance}`,
      Status: "Success",
    };
    expect((await upload(phantom.file)).json()).toEqual(answer);
    expect((await upload(phantom.file)).json()).toEqual({ ...answer, Status: "AlreadyStored" });
  });

  test("reads gzip", async () => {
    const { file } = makeImage({ rows: 8, seed: 2 });
    expect((await upload(gzipSync(file), { "content-encoding": "gzip" })).json()).toMatchObject({ Status: "Success" });
  });

  test.each([
    ["an empty body", ""],
    ["what is not DICOM", "This is some text, and no DICOM file at all."],
  ])("refuses %s", async (_, body) => {
    const answer = await upload(body);
    expect([answer.status, answer.json()]).toEqual([400, expect.objectContaining({ error: "BadFileFormat" })]);
  });

  test("says 507 when there is no room", async () => {
    const full: IngestResult = {
      status: "StorageFull",
      identifiers: { Patient: "", Study: "", Series: "", Instance: "" },
      uids: phantom.uids,
    };
    const fullRoutes = uploadRoutes({ archive: { ingest: async () => full }, importZip: async () => [full] });
    expect((await callRoute(fullRoutes, "POST /instances", { body: phantom.file })).status).toBe(507);
    const zip = await callRoute(fullRoutes, "POST /instances", { body: "PK\u0003\u0004" });
    expect(zip.json()).toMatchObject([{ Status: "StorageFull" }]);
  });

  test.skipIf(!sharedData())("takes the DICOM files out of a ZIP archive", async () => {
    const zip = readFileSync(join(sharedData() ?? "", "nondicom/archives/mixed.zip"));
    const answer = (await upload(zip)).json();
    expect(answer).toEqual(expect.arrayContaining([expect.objectContaining({ Status: "Success" })]));
  });
});
