import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StoreFixture, startStore } from "../cloud/testing/store-fixture.ts";
import { makeStudy } from "../phantoms/study.ts";
import { type PartsServer, startPartsServer } from "./parts-server.ts";

describe("a Google DICOM store", () => {
  const study = [...makeStudy({ instances: 4, rows: 16 })];
  const { StudyInstanceUID } = study[0]?.uids ?? { StudyInstanceUID: "" };
  let store: StoreFixture;
  let local: PartsServer;
  let studyId: string;

  beforeAll(async () => {
    store = await startStore();
    const Url = `${store.emulator.url}${store.surface}`;
    const HttpHeaders = { Authorization: `Bearer ${store.token}` };
    const servers = { cloud: { Url, HttpHeaders, HasDelete: "1" }, refused: { Url } };
    local = await startPartsServer(servers, store.emulator.certificateAuthority);
    for (const { file } of study) {
      studyId = (await local.archive.ingest(file, { kind: "RestApi" })).identifiers.Study;
    }
  });
  afterAll(async () => {
    await local.close();
    await store[Symbol.asyncDispose]();
  });

  async function ask(server: string, operation: string, body: object): Promise<{ status: number; text: string }> {
    const response = await fetch(`${local.url}/dicom-web/servers/${server}/${operation}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  it("tells whom it does not let in", async () => {
    const { status, text } = await ask("refused", "stow", { Resources: [studyId] });
    expect(status).toBe(500);
    expect(text).toContain("HTTP status 401: UNAUTHENTICATED: Request is missing required authentication credential");
  });

  it.each(["application/dicom+json", "application/dicom+xml"])(
    "names the instance that it has with other bytes (409, %s), and keeps the others",
    async (Accept) => {
      const [, changed] = study.map(({ file }) => Buffer.from(file));
      changed?.writeUInt8(1, changed.length - 1);
      await store.stow(changed === undefined ? [] : [changed]);
      const { status, text } = await ask("cloud", "stow", { Resources: [studyId], HttpHeaders: { Accept } });
      expect(status).toBe(500);
      expect(text).toContain(`did not store 1 of 4 instances: ${study[1]?.uids.SOPInstanceUID}: 0110`);
      expect(text).toContain("checksum mismatch");
    },
  );

  it("says which search it does not know", async () => {
    const { text } = await ask("cloud", "qido", { Uri: "studies", Arguments: { StudyDescription: "x" } });
    expect(text).toContain('unsupported search parameter \\"StudyDescription\\"');
  });

  it("takes no match for none (204)", async () => {
    expect(await ask("cloud", "qido", { Uri: "studies", Arguments: { PatientID: "x" } })).toEqual({
      status: 200,
      text: "[]",
    });
  });

  it("has deleted a study when it says so: the operation was waited for", async () => {
    const deletion = { Level: "Study", StudyInstanceUID };
    expect((await ask("cloud", "delete", deletion)).status).toBe(200);
    expect((await ask("cloud", "stow", { Resources: [studyId] })).status).toBe(200);
    expect((await ask("cloud", "delete", { ...deletion, StudyInstanceUID: "1.2.3" })).status).toBe(404);
  });
});
