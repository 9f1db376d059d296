import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { type OrthancProcess, startOrthanc } from "../differential/orthanc-process.ts";
import { freePort } from "../free-port.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { type Peer, startQueryScp } from "./peers.ts";

const folder = sharedData();
const jpeg = join(folder ?? "", "syntaxes", "ct-all-syntaxes");
const series = join(folder ?? "", "series");

interface QueryAnswer {
  readonly ID: string;
}

interface RetrieveContent {
  readonly Details: readonly {
    readonly DimseErrorStatus: number;
    readonly ReceivedInstancesIds: readonly string[];
  }[];
}

describe.skipIf(folder === undefined || !hasTool("dcmqrscp"))("C-MOVE and C-GET from DCMTK's dcmqrscp", () => {
  let server: TestServer;
  let peer: Peer;

  beforeAll(async () => {
    const DicomPort = await freePort();
    const compressed = readdirSync(jpeg).find((name) => name.includes("Process14SV1")) ?? "";
    peer = await startQueryScp({ GREYHAVEN: DicomPort }, [
      join(series, "rt-dicompyler"),
      join(series, "mr-epi-siemens"),
      join(jpeg, compressed),
    ]);
    server = await startTestServer({
      DicomAet: "GREYHAVEN",
      DicomPort,
      DicomModalities: {
        qr: ["QR", "localhost", peer.port],
        getter: { AET: "QR", Host: "localhost", Port: peer.port, RetrieveMethod: "C-GET" },
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await peer.stop();
  });

  async function query(name: string, Level: string, Query: object): Promise<string> {
    const body = { Level, Query };
    return (await askJson<QueryAnswer>(server.url, `POST /modalities/${name}/query`, { body })).ID;
  }

  async function stored(): Promise<readonly string[]> {
    return (await askJson<string[]>(server.url, "GET /instances")).toSorted();
  }

  async function clear(): Promise<void> {
    for (const id of await askJson<string[]>(server.url, "GET /patients"))
      await ask(server.url, `DELETE /patients/${id}`);
  }

  it.each([
    { name: "qr", method: "C-MOVE", body: {} },
    { name: "qr", method: "C-GET", body: { RetrieveMethod: "C-GET" } },
    { name: "getter", method: "C-GET", body: {} },
    { name: "getter", method: "C-MOVE", body: { RetrieveMethod: "C-MOVE", TargetAet: "GREYHAVEN" } },
  ])("retrieves all studies of a query from $name by $method", { timeout: 60_000 }, async ({ name, method, body }) => {
    await clear();
    const id = await query(name, "Study", { PatientID: "", StudyInstanceUID: "" });
    const answers = await askJson<string[]>(server.url, `GET /queries/${id}/answers`);
    const content = await askJson<RetrieveContent>(server.url, `POST /queries/${id}/retrieve`, { body });
    expect(content).toMatchObject({
      Description: "REST API",
      LocalAet: "GREYHAVEN",
      RemoteAet: "QR",
      ...(method === "C-MOVE" ? { TargetAet: "GREYHAVEN" } : {}),
    });
    expect(content.Details.map(({ DimseErrorStatus }) => DimseErrorStatus)).toEqual(answers.map(() => 0));
    const received = content.Details.flatMap(({ ReceivedInstancesIds }) => ReceivedInstancesIds);
    expect(received.toSorted()).toEqual(await stored());
    // rt-dicompyler 3, mr-epi-siemens 8, one JPEG.
    expect(received).toHaveLength(12);
    const jobs = await askJson<{ CreationTime: string }[]>(server.url, "GET /jobs?expand");
    const [last] = jobs.toSorted((left, right) => right.CreationTime.localeCompare(left.CreationTime));
    expect(last).toMatchObject({ Type: method === "C-MOVE" ? "DicomMoveScu" : "DicomGetScu", State: "Success" });
  });

  it.each(["Patient", "Study", "Series", "Instance"])(
    "retrieves at the level %s",
    { timeout: 60_000 },
    async (level) => {
      for (const method of ["C-MOVE", "C-GET"]) {
        await clear();
        const id = await query("qr", level, { PatientID: "DEV" });
        const answer = await askJson<RetrieveContent>(server.url, `POST /queries/${id}/answers/0/retrieve`, {
          body: { RetrieveMethod: method },
        });
        expect(answer.Details[0]?.ReceivedInstancesIds.toSorted()).toEqual(await stored());
        expect(await stored()).not.toEqual([]);
      }
    },
  );

  it("tells what failed, and goes on when it is permissive", { timeout: 60_000 }, async () => {
    const id = await query("qr", "Study", { PatientID: "DEV" });
    const [answer] = await askJson<Record<string, string>[]>(server.url, `GET /queries/${id}/answers?expand&simplify`);
    const StudyInstanceUID = answer?.["StudyInstanceUID"] ?? "";
    const Resources = [{ StudyInstanceUID }, { StudyInstanceUID }];
    const move = { Level: "Study", Resources, TargetAet: "NOBODY" };
    const refused = await ask(server.url, "POST /modalities/qr/move", { body: move });
    expect(refused.status).toBe(500);
    expect(refused.json()).toMatchObject({
      OrthancStatus: 9,
      ErrorPayload: { Type: "RetrieveJob", Content: [{ DimseErrorStatus: 0xa801, ReceivedInstancesIds: [] }] },
    });
    const body = { ...move, Permissive: true };
    const { Details } = await askJson<RetrieveContent>(server.url, "POST /modalities/qr/move", { body });
    expect(Details.map(({ DimseErrorStatus }) => DimseErrorStatus)).toEqual([0xa801, 0xa801]);
  });
});

describe.skipIf(folder === undefined || !hasTool("Orthanc"))("C-GET from Debian's Orthanc", () => {
  let server: TestServer;
  let peer: OrthancProcess;

  beforeAll(async () => {
    const DicomPort = await freePort();
    peer = await startOrthanc({ DicomAet: "PEER", DicomPort, DicomAlwaysAllowGet: true, DicomAlwaysAllowFind: true });
    server = await startTestServer({ DicomModalities: { peer: ["PEER", "localhost", DicomPort] } });
  });
  afterAll(async () => {
    await server.close();
    await peer.stop();
  });

  /** The transfer syntax that the instance of a study comes in. */
  async function transferSyntaxOf(resource: object): Promise<string> {
    const body = { Level: "Study", Resources: [resource] };
    const { Details } = await askJson<RetrieveContent>(server.url, "POST /modalities/peer/get", { body });
    const [instance = ""] = Details[0]?.ReceivedInstancesIds ?? [];
    const { text } = await ask(server.url, `GET /instances/${instance}/metadata/TransferSyntax`);
    await ask(server.url, `DELETE /instances/${instance}`);
    return text();
  }

  it("takes compressed instances as they are when their SOP class is known", { timeout: 60_000 }, async () => {
    const name = readdirSync(jpeg).find((each) => each.includes("Process14SV1")) ?? "";
    const { ParentStudy } = await askJson<{ ParentStudy: string }>(peer.url, "POST /instances", {
      body: readFileSync(join(jpeg, name)),
    });
    const study = await askJson<{ MainDicomTags: Record<string, string> }>(peer.url, `GET /studies/${ParentStudy}`);
    const StudyInstanceUID = study.MainDicomTags["StudyInstanceUID"] ?? "";
    const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    expect(await transferSyntaxOf({ StudyInstanceUID, SOPClassesInStudy: ctImageStorage })).toBe(
      "1.2.840.10008.1.2.4.70",
    );
    // Of all classes only the uncompressed transfer syntaxes have room.
    expect(await transferSyntaxOf({ StudyInstanceUID })).toBe("1.2.840.10008.1.2.1");
  });
});
