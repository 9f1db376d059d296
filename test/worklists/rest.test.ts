import { readdir, readFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDicom } from "../../src/dicom/parse.ts";
import { ask, askJson } from "../server/ask.ts";
import { folderForTest, serverForTest } from "../server/server-for-test.ts";
import type { TestServer } from "../greyhaven.ts";
import { worklistTags } from "./sample-worklist.ts";

const inDatabase = { Worklists: { Enable: true, SaveInOrthancDatabase: true } };
const inFolder = { Worklists: { Enable: true, Directory: "wl" } };

async function start(configuration: object): Promise<TestServer> {
  const folder = await folderForTest();
  await mkdir(join(folder, "wl"));
  return serverForTest(configuration, { folder });
}

interface Created {
  readonly ID: string;
  readonly Path: string;
}
interface Listed {
  readonly ID: string;
  readonly CreationDate?: string;
  readonly Tags: Readonly<Record<string, unknown>>;
}

const create = (server: TestServer, body: object) => askJson<Created>(server.url, "POST /worklists/create", { body });
const list = (server: TestServer) => askJson<readonly Listed[]>(server.url, "GET /worklists");

describe.each([
  ["in the database", inDatabase],
  ["in a folder", inFolder],
])("worklists %s", (_, configuration) => {
  it("are created, listed, read, replaced and deleted", async () => {
    const server = await start(configuration);
    const { url } = server;
    const tags = { ...worklistTags("P1"), PatientName: "Müller^Jörg", AccessionNumber: "A1" };
    const { ID, Path } = await create(server, { Tags: tags });
    expect([ID, Path]).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      `/worklists/${ID}`,
    ]);

    const expected = { SpecificCharacterSet: "ISO_IR 192", ...tags };
    expect(await askJson(url, `GET ${Path}`)).toEqual({ ID, Tags: expected });
    expect(await list(server)).toMatchObject([{ ID, Tags: expected }]);
    expect(await askJson(url, `GET ${Path}?format=Short`)).toMatchObject({ Tags: { "0008,0050": "A1" } });
    expect(await askJson(url, `GET /worklists?format=Full`)).toMatchObject([
      { Tags: { "0008,0050": { Name: "AccessionNumber", Type: "String", Value: "A1" } } },
    ]);

    await askJson(url, `PUT ${Path}`, { body: { Tags: { PatientID: "P2", StudyInstanceUID: "1.2" } } });
    expect(await askJson(url, `GET ${Path}`)).toEqual({
      ID,
      Tags: { PatientID: "P2", SpecificCharacterSet: "ISO_IR 192", StudyInstanceUID: "1.2" },
    });
    expect(await askJson(url, `DELETE ${Path}`)).toEqual({});
    expect((await ask(url, `GET ${Path}`)).status).toBe(404);
    expect(await list(server)).toEqual([]);
  });

  it("are created by PUT under an id that is not yet there", async () => {
    const server = await start(configuration);
    const answer = await askJson(server.url, "PUT /worklists/mine", { body: { Tags: worklistTags("P1") } });
    expect(answer).toEqual({ ID: "mine", Path: "/worklists/mine" });
    expect(await list(server)).toMatchObject([{ ID: "mine", Tags: { PatientID: "P1" } }]);
  });

  it("get a StudyInstanceUID", async () => {
    const server = await start(configuration);
    const { StudyInstanceUID: _, ...tags } = worklistTags("P1");
    await create(server, { Tags: { ...tags, "0020,000d": "" } });
    expect((await list(server))[0]?.Tags["StudyInstanceUID"]).toMatch(/^2\.25\.\d+$/);
  });

  it("are checked", async () => {
    const server = await start(configuration);
    const refused = async (target: string, body: unknown) => {
      const { status, json } = await ask(server.url, target, { body: JSON.stringify(body) });
      return [status, (json() as { OrthancStatus: number }).OrthancStatus];
    };
    const incomplete = { Tags: worklistTags("P1", { Modality: "" }) };
    expect(await refused("POST /worklists/create", incomplete)).toEqual([400, 15]);
    expect(await refused("POST /worklists/create", { Tags: { PatientID: "1" } })).toEqual([400, 15]);
    expect(await refused("PUT /worklists/x", { ...incomplete, Force: false })).toEqual([400, 15]);
    expect(await refused("POST /worklists/create", {})).toEqual([400, 15]);
    expect(await refused("POST /worklists/create", [])).toEqual([400, 15]);
    expect(await refused("GET /worklists?format=Nice", undefined)).toEqual([400, 8]);
    expect(await refused("GET /worklists/unknown", undefined)).toEqual([404, 17]);
    expect(await refused("DELETE /worklists/unknown", undefined)).toEqual([404, 17]);
    expect(await list(server)).toEqual([]);
    await create(server, { ...incomplete, Force: true });
    expect(await list(server)).toHaveLength(1);
  });
});

describe("worklists in the database", () => {
  it("have a date and survive a restart", async () => {
    const folder = await folderForTest();
    const first = await serverForTest(inDatabase, { folder });
    const { ID } = await create(first, { Tags: worklistTags("P1") });
    await first.close();
    const second = await serverForTest(inDatabase, { folder });
    expect(await list(second)).toMatchObject([{ ID, CreationDate: expect.stringMatching(/^\d{8}T\d{6}$/) }]);
    await second.close();
  });
});

describe("worklists in a folder", () => {
  it("are files like those of DCMTK", async () => {
    const server = await start(inFolder);
    const { ID } = await create(server, { Tags: worklistTags("P1") });
    expect(await readdir(join(server.folder, "wl"))).toEqual([`${ID}.wl`]);
    const { meta, dataset } = parseDicom(await readFile(join(server.folder, "wl", `${ID}.wl`)));
    expect(meta.text(0x00020002)).toBe("1.2.276.0.7230010.3.1.0.1");
    expect(dataset.text(0x00100020)).toBe("P1");
    expect((await list(server))[0]).not.toHaveProperty("CreationDate");
  });

  it("can have no ids that lead out of it", async () => {
    const server = await start(inFolder);
    const body = { Tags: worklistTags("P1") };
    expect((await ask(server.url, "PUT /worklists/..%2Fout", { body })).status).toBe(400);
    expect((await ask(server.url, "PUT /worklists/a%2Fb", { body })).status).toBe(400);
    expect(await readdir(server.folder)).not.toContain("out.wl");
  });
});

/** The ids of the plugins, and the status of the list of worklists. */
async function plugins(configuration: object) {
  const { url } = await serverForTest(configuration);
  return [await askJson<string[]>(url, "GET /plugins"), (await ask(url, "GET /worklists")).status] as const;
}

describe("the plugin of worklists", () => {
  it("is there when it is enabled", async () => {
    const [names, status] = await plugins(inDatabase);
    expect([names.includes("worklists"), status]).toEqual([true, 200]);
  });

  it("is not there otherwise", async () => {
    const [names, status] = await plugins({ Worklists: { Database: "wl" } });
    expect([names.includes("worklists"), status]).toEqual([false, 404]);
  });

  it("refuses to start without a place, or with two", async () => {
    await expect(serverForTest({ Worklists: { Enable: true } })).rejects.toThrow("SaveInOrthancDatabase");
    await expect(
      serverForTest({ Worklists: { Enable: true, Directory: "wl", SaveInOrthancDatabase: true } }),
    ).rejects.toThrow("SaveInOrthancDatabase");
  });

  it("changes nothing with ReadOnly", async () => {
    const { url } = await serverForTest({ ...inDatabase, ReadOnly: true });
    const body = { Tags: worklistTags("P1") };
    expect((await ask(url, "POST /worklists/create", { body })).status).toBe(405);
    expect(await askJson(url, "GET /worklists")).toEqual([]);
  });
});
