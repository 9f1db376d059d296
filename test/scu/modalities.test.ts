import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";

const configured = { DicomServerEnabled: false, DicomModalities: { first: ["FIRST", "localhost", "104", "Dcm4Chee"] } };

describe("modalities", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "greyhaven-modalities-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const start = (more: object): Promise<TestServer> => startTestServer({ ...configured, ...more }, { folder });

  it.each([
    { DicomModalitiesInDatabase: true, kept: ["first", "second"] },
    { DicomModalitiesInDatabase: false, kept: ["first"] },
  ])("put by REST survive a restart only in the database: %j", async ({ DicomModalitiesInDatabase, kept }) => {
    const before = await start({ DicomModalitiesInDatabase });
    expect(await askJson(before.url, "GET /modalities")).toEqual(["first"]);
    const body = { AET: "SECOND", Host: "h", Port: 11_112, AllowStorageCommitment: false, RetrieveMethod: "C-GET" };
    expect((await ask(before.url, "PUT /modalities/second", { body })).status).toBe(200);
    const definition = await askJson(before.url, "GET /modalities/second/configuration");
    expect(definition).toMatchObject({ AET: "SECOND", AllowNAction: false, AllowEventReport: false, AllowEcho: true });
    await before.close();
    const after = await start({ DicomModalitiesInDatabase });
    expect(await askJson(after.url, "GET /modalities")).toEqual(kept);
    if (DicomModalitiesInDatabase) {
      expect(await askJson(after.url, "GET /modalities/second/configuration")).toEqual(definition);
    }
    await after.close();
  });

  it("are refused at the start when they cannot be, with the name of the modality", async () => {
    const DicomModalities = { wrong: { AET: "A", Host: "h", Port: 104, Manufacturer: "Nobody" } };
    await expect(start({ DicomModalities })).rejects.toThrow(/DicomModalities\.wrong.*Manufacturer/);
  });

  it("of obsolete manufacturers are taken with a warning", async () => {
    const server = await start({});
    expect(await askJson(server.url, "GET /modalities/first/configuration")).toMatchObject({ Manufacturer: "Generic" });
    expect(server.logged.join("\n")).toContain("Dcm4Chee");
    await server.close();
  });
});
