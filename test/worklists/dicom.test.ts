import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toOrthancJson } from "../../src/dicom/orthanc-json.ts";
import { hasTool } from "../debian-tool.ts";
import type { TestServer } from "../greyhaven.ts";
import { askJson } from "../server/ask.ts";
import { folderForTest, serverForTest } from "../server/server-for-test.ts";
import { findWorklists } from "./peers.ts";
import { tagsFile, worklistTags } from "./sample-worklist.ts";

async function serverWith(worklists: object, files: Readonly<Record<string, object>> = {}): Promise<TestServer> {
  const folder = await folderForTest();
  await mkdir(join(folder, "wl"));
  for (const [name, tags] of Object.entries(files)) await writeFile(join(folder, "wl", name), tagsFile(tags));
  const configuration = { DicomAlwaysAllowFindWorklist: true, Worklists: { Enable: true, ...worklists } };
  return serverForTest(configuration, { folder });
}

/** The tags of the answers, and whether the end was success. */
async function find(server: TestServer, tags: object, callingAet?: string) {
  const peer = { port: server.dicomPort, title: "ORTHANC" };
  const [found] = await findWorklists(peer, [tagsFile(tags)], server.folder, callingAet);
  if (found === undefined) throw new Error("there was no answer");
  return { answers: found.answers.map((answer) => toOrthancJson(answer, "simple")), isSuccess: found.isSuccess };
}

describe.skipIf(!hasTool("findscu"))("worklists by C-FIND", () => {
  it("are those that the REST API made", async () => {
    const server = await serverWith({ SaveInOrthancDatabase: true });
    const query = { PatientID: "P1", PatientName: "", ScheduledProcedureStepSequence: [{ Modality: "" }] };
    expect((await find(server, query)).answers).toEqual([]);
    const body = { Tags: { ...worklistTags("P1"), PatientName: "Щукин^Юрий" } };
    const { Path } = await askJson<{ Path: string }>(server.url, "POST /worklists/create", { body });
    expect(await find(server, query)).toEqual({
      answers: [
        {
          PatientID: "P1",
          PatientName: "Щукин^Юрий",
          ScheduledProcedureStepSequence: [{ Modality: "CT" }],
          SpecificCharacterSet: "ISO_IR 192",
        },
      ],
      isSuccess: true,
    });
    await askJson(server.url, `DELETE ${Path}`);
    expect((await find(server, query)).answers).toEqual([]);
  });

  it("end without success beyond the limit", async () => {
    const files = { "a.wl": worklistTags("1"), "b.wl": worklistTags("2"), "c.wl": worklistTags("3") };
    const server = await serverWith({ Directory: "wl", LimitAnswers: 1 }, files);
    const { answers, isSuccess } = await find(server, { PatientID: "" });
    // Orthanc gives one more than the limit.
    expect([answers.length, isSuccess]).toEqual([2, false]);
    expect(await find(server, { PatientID: "3" })).toMatchObject({ answers: [{ PatientID: "3" }], isSuccess: true });
  });

  it("are those of the station that asks", async () => {
    const files = { "a.wl": worklistTags("1"), "b.wl": worklistTags("2", { ScheduledStationAETitle: "MR1" }) };
    const server = await serverWith({ Directory: "wl", FilterIssuerAet: true }, files);
    const query = { PatientID: "", ScheduledProcedureStepSequence: [{ ScheduledStationAETitle: "" }] };
    const patientsFor = async (station: string) =>
      (await find(server, query, station)).answers.map(({ PatientID }) => PatientID);
    expect([await patientsFor("CT1"), await patientsFor("MR1"), await patientsFor("US1")]).toEqual([["1"], ["2"], []]);
  });

  it("are not offered without the plugin", async () => {
    const server = await serverForTest({ DicomAlwaysAllowFindWorklist: true });
    await expect(find(server, { PatientID: "" })).rejects.toThrow("No Acceptable Presentation Contexts");
  });
});
