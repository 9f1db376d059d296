import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDicom } from "../../src/dicom/parse.ts";
import { toJsonModel } from "../../src/dicom/json-model.ts";
import { newBoundary, writeMultipart } from "../../src/http/multipart.ts";
import { makeStudy, type Phantom } from "../phantoms/study.ts";
import { startPartsServer, type PartsServer } from "./parts-server.ts";
import { partsOf, sha256 } from "./read-parts.ts";

const dicomType = 'multipart/related; type="application/dicom"';

async function stow(
  url: string,
  files: readonly Uint8Array[],
  headers: Record<string, string> = {},
): Promise<Response> {
  const boundary = newBoundary();
  const parts = files.map((body) => ({ headers: { "Content-Type": "application/dicom" }, body }));
  const body = Buffer.concat(await Array.fromAsync(writeMultipart(parts, boundary)));
  return await fetch(url, {
    method: "POST",
    headers: { "Content-Type": `${dicomType}; boundary=${boundary}`, ...headers },
    body,
  });
}

async function post(url: string, body: object): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

async function storedHash(server: PartsServer, id: string): Promise<string | undefined> {
  const file = await server.archive.open(id, 1);
  return file === undefined ? undefined : sha256(Buffer.concat(await Array.fromAsync(file.stream)));
}

async function instanceIds(server: PartsServer): Promise<readonly string[]> {
  const found = await server.catalog.find({ level: "Instance", include: {} });
  return found.map(({ publicId }) => publicId);
}

describe("from one server to another and back", () => {
  const study = [...makeStudy({ instances: 7, perSeries: 4, rows: 64 })];
  let pacs: PartsServer;
  let local: PartsServer;

  beforeAll(async () => {
    pacs = await startPartsServer();
    local = await startPartsServer({
      pacs: [`${pacs.url}/dicom-web`],
      exact: { Url: `${pacs.url}/dicom-web/`, ChunkedTransfers: false },
      nowhere: { Url: "http://127.0.0.1:1/", Timeout: 1 },
    });
    for (const { file } of study) await local.archive.ingest(file, { kind: "RestApi" });
  });
  afterAll(async () => {
    await local.close();
    await pacs.close();
  });

  it("STOW, QIDO, delete here, WADO: the same bytes", async () => {
    const servers = `${local.url}/dicom-web/servers/pacs`;
    const [first] = study;
    const StudyInstanceUID = first?.uids.StudyInstanceUID ?? "";
    const [resource] = await local.catalog.lookup(StudyInstanceUID);
    const hashes = new Map<string, string | undefined>();
    for (const id of await instanceIds(local)) hashes.set(id, await storedHash(local, id));

    const sent = await post(`${servers}/stow`, { Resources: [resource?.publicId] });
    expect(sent).toMatchObject({ status: 200, json: { InstancesCount: "7", Server: "pacs" } });

    const found = await post(`${servers}/qido`, {
      Uri: "/studies",
      Arguments: { PatientID: first?.uids.PatientID ?? "" },
    });
    expect(found.json).toHaveLength(1);
    expect(found.json).toMatchObject([
      { "0020000D": { Name: "StudyInstanceUID", Value: StudyInstanceUID }, "00201208": { Value: 7 } },
    ]);

    await local.archive.remove(resource?.publicId ?? "");
    expect(await instanceIds(local)).toEqual([]);

    const got = await post(`${servers}/retrieve`, { Resources: [{ Study: StudyInstanceUID }] });
    expect(got).toMatchObject({ status: 200, json: { ReceivedInstancesCount: "7" } });
    for (const [id, hash] of hashes) expect(await storedHash(local, id)).toBe(hash);
    expect(await storedHash(pacs, [...hashes.keys()][0] ?? "")).toBe([...hashes.values()][0]);
  });

  it("announces the length where asked to, and takes no harm from sending twice", async () => {
    const [id] = await instanceIds(local);
    const sent = await post(`${local.url}/dicom-web/servers/exact/stow`, { Resources: [id] });
    expect(sent).toMatchObject({ status: 200, json: { InstancesCount: "1" } });
  });

  it("answers asynchronously with a relative path", async () => {
    const uri = `studies/${study[0]?.uids.StudyInstanceUID}`;
    const { json } = await post(`${local.url}/dicom-web/servers/pacs/wado`, { Uri: uri });
    expect(json["Path"]).toBe(`../.././jobs/${String(json["ID"])}`);
    const { state, content } = await local.jobs.finished(String(json["ID"]));
    expect({ state, count: content["ReceivedInstancesCount"] }).toEqual({ state: "Success", count: "7" });
  });

  it("tells what is wrong", async () => {
    const servers = `${local.url}/dicom-web/servers`;
    expect((await post(`${servers}/none/stow`, { Resources: [] })).status).toBe(404);
    expect((await post(`${servers}/pacs/stow`, { Resources: ["none"] })).status).toBe(404);
    expect((await post(`${servers}/pacs/stow`, {})).status).toBe(400);
    expect((await post(`${servers}/pacs/retrieve`, { Resources: [{ Instance: "1" }] })).status).toBe(400);
    expect((await post(`${servers}/pacs/delete`, { Level: "Study", StudyInstanceUID: "1" })).status).toBe(400);
    const unknown = await post(`${servers}/pacs/retrieve`, { Resources: [{ Study: "1.2.3" }] });
    expect(unknown.status).toBe(404);
    expect(unknown.json["Details"]).toContain("HTTP status 404");
  });

  it("passes a GET on, with its type", async () => {
    const uri = `studies/${study[0]?.uids.StudyInstanceUID}/metadata`;
    const answer = await fetch(`${local.url}/dicom-web/servers/pacs/get`, {
      method: "POST",
      body: JSON.stringify({ Uri: uri }),
    });
    expect(answer.headers.get("content-type")).toBe("application/dicom+json");
    expect(await answer.json()).toHaveLength(7);
  });

  it("lists, defines and forgets servers", async () => {
    const servers = `${local.url}/dicom-web/servers`;
    const names = async (): Promise<unknown> => (await fetch(servers)).json();
    expect(await names()).toEqual(["exact", "nowhere", "pacs"]);
    const put = await fetch(`${servers}/other`, {
      method: "PUT",
      body: JSON.stringify({ Url: "http://other/", Username: "a", Password: "secret", HasDelete: "1" }),
    });
    expect([put.status, await put.json()]).toEqual([200, {}]);
    expect(await (await fetch(`${servers}/other`)).json()).toEqual([
      "get",
      "retrieve",
      "stow",
      "wado",
      "qido",
      "delete",
    ]);
    const expanded = await (await fetch(`${servers}?expand`)).text();
    expect(expanded).toContain('"Password": null');
    expect(expanded).not.toContain("secret");
    expect((await fetch(`${servers}/other`, { method: "DELETE" })).status).toBe(200);
    expect((await fetch(`${servers}/other`, { method: "DELETE" })).status).toBe(400);
    expect((await fetch(`${servers}/other`)).status).toBe(404);
  });
});

describe("STOW-RS", () => {
  const [one, two, other] = [
    ...makeStudy({ instances: 2, rows: 16 }),
    ...makeStudy({ instances: 1, rows: 16, seed: 2 }),
  ] as [Phantom, Phantom, Phantom];
  let server: PartsServer;

  beforeAll(async () => {
    server = await startPartsServer();
  });
  afterAll(async () => server.close());

  it("refuses other types", async () => {
    const url = `${server.url}/dicom-web/studies`;
    const type = async (contentType: string): Promise<number> =>
      (await fetch(url, { method: "POST", headers: { "Content-Type": contentType }, body: "--b--" })).status;
    expect(await type("application/json")).toBe(415);
    expect(await type('multipart/related; type="application/dicom+json"; boundary=b')).toBe(415);
    expect(await type(`${dicomType}; boundary=b`)).toBe(400);
  });

  it("does not store what belongs to another study than the URL says", async () => {
    const response = await stow(`${server.url}/dicom-web/studies/${one.uids.StudyInstanceUID}`, [other.file]);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      "00081198": { Value: [{ "00081155": { Value: [other.uids.SOPInstanceUID] }, "00081197": { Value: [0x0110] } }] },
    });
    expect(await instanceIds(server)).toEqual([]);
  });

  it("stores the good ones beside the bad", async () => {
    const response = await stow(`${server.url}/dicom-web/studies`, [one.file, Buffer.from("no DICOM"), two.file]);
    expect(response.status).toBe(400);
    const answer = (await response.json()) as Record<string, { Value: unknown[] }>;
    expect(answer["00081199"]?.Value).toHaveLength(2);
    expect(answer["00081198"]?.Value).toEqual([{ "00081197": { vr: "US", Value: [0xc000] } }]);
    expect(await instanceIds(server)).toHaveLength(2);
  });

  it("answers in XML where only that is accepted", async () => {
    const response = await stow(`${server.url}/dicom-web/studies`, [one.file], { Accept: "application/dicom+xml" });
    expect(response.headers.get("content-type")).toBe("application/dicom+xml");
    expect(await response.text()).toContain(one.uids.SOPInstanceUID);
  });

  it("takes a bare file", async () => {
    const response = await fetch(`${server.url}/dicom-web/studies`, {
      method: "POST",
      headers: { "Content-Type": "application/dicom" },
      body: new Uint8Array(other.file),
    });
    expect(response.status).toBe(200);
  });

  it("refuses a body that ends too early, keeping what came whole", async () => {
    const part = `--b\r\nContent-Type: application/dicom\r\n\r\n`;
    const response = await fetch(`${server.url}/dicom-web/studies`, {
      method: "POST",
      headers: { "Content-Type": `${dicomType}; boundary=b` },
      body: Buffer.concat([Buffer.from(part), one.file, Buffer.from(`\r\n${part}DICM`)]),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("closing boundary");
  });
});

describe("QIDO-RS and WADO-RS", () => {
  const study = [...makeStudy({ instances: 3, rows: 32 })];
  const [first] = study as [Phantom, ...Phantom[]];
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = first.uids;
  let server: PartsServer;
  let root: string;
  let instance: string;

  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    await fetch(path.startsWith("http") ? path : root + path, { headers });

  beforeAll(async () => {
    server = await startPartsServer();
    root = `${server.url}/dicom-web/`;
    instance = `studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
    expect(
      (
        await stow(
          `${root}studies`,
          study.map(({ file }) => file),
        )
      ).status,
    ).toBe(200);
  });
  afterAll(async () => server.close());

  it("finds at each level, with absolute URLs as the client sees them", async () => {
    const headers = { Forwarded: "host=pacs.example.org;proto=https" };
    const [match] = (await (await get("studies?PatientName=phantom*", headers)).json()) as Record<string, object>[];
    expect(match).toMatchObject({
      "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
      "00080061": { vr: "CS", Value: ["CT"] },
      "00081190": { vr: "UR", Value: [`https://pacs.example.org/dicom-web/studies/${StudyInstanceUID}`] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Phantom^Number 1" }] },
      "00201206": { vr: "IS", Value: [1] },
      "00201208": { vr: "IS", Value: [3] },
    });
    expect(Object.keys(match ?? {})).toEqual(Object.keys(match ?? {}).toSorted());
    expect(await (await get(`studies/${StudyInstanceUID}/series`)).json()).toMatchObject([
      { "0020000E": { Value: [SeriesInstanceUID] }, "00201209": { Value: [3] } },
    ]);
    const instances = (await (await get("instances?limit=2")).json()) as object[];
    expect(instances).toHaveLength(2);
    expect(instances[0]).toMatchObject({ "00280010": { vr: "US", Value: [32] } });
    expect(await (await get("studies?PatientID=nobody")).json()).toEqual([]);
  });

  it("answers searches in XML", async () => {
    const response = await get("studies", { Accept: 'multipart/related; type="application/dicom+xml"' });
    const [part] = await partsOf(response);
    expect(part?.headers["content-type"]).toBe("application/dicom+xml");
    expect(part?.body.toString()).toContain(`<Value number="1">${StudyInstanceUID}</Value>`);
  });

  it("retrieves the stored bytes", async () => {
    const response = await get(`studies/${StudyInstanceUID}`, { Accept: `${dicomType}; transfer-syntax=*` });
    expect(response.headers.get("content-type")).toMatch(/^multipart\/related; type="application\/dicom"; boundary=/);
    const hashes = (await partsOf(response)).map(({ body }) => sha256(body));
    expect(hashes.toSorted()).toEqual(study.map(({ file }) => sha256(file)).toSorted());
    const bare = await get(instance, { Accept: "application/dicom; transfer-syntax=*" });
    expect(sha256(new Uint8Array(await bare.arrayBuffer()))).toBe(sha256(first.file));
  });

  it("answers 404 and 400 as Orthanc does", async () => {
    expect((await get("studies/1.2.3")).status).toBe(404);
    expect((await get(`studies/${StudyInstanceUID}`, { Accept: "application/zip" })).status).toBe(400);
    expect((await get(`studies/${StudyInstanceUID}/metadata`, { Accept: "text/html" })).status).toBe(400);
    expect((await get(`${instance}/frames/2`)).status).toBe(404);
    expect((await get(`${instance}/frames/0`)).status).toBe(400);
    expect((await get(`${instance}/bulk/00100010/1`)).status).toBe(400);
    expect((await get(`${instance}/bulk/00091001`)).status).toBe(404);
  });

  it("gives metadata whose bulk data can be had", async () => {
    const [model] = (await (await get(`${instance}/metadata`)).json()) as [
      Record<string, { vr?: string; BulkDataURI?: string }>,
    ];
    const parsed = toJsonModel(parseDicom(first.file).dataset, { bulkDataUri: () => "x" });
    expect(Object.keys(model)).toEqual(Object.keys(parsed));
    const { vr, BulkDataURI = "" } = model["7FE00010"] ?? {};
    expect({ vr, BulkDataURI }).toEqual({ vr: "OW", BulkDataURI: `${root}${instance}/bulk/7fe00010` });
    const [part] = await partsOf(await get(BulkDataURI));
    expect(sha256(part?.body ?? Buffer.alloc(0))).toBe(sha256(first.pixels));
    expect(await (await get(`studies/${StudyInstanceUID}/metadata`)).json()).toHaveLength(3);
  });

  it("gives frames", async () => {
    const response = await get(`${instance}/frames/1`);
    const [part] = await partsOf(response);
    expect(part?.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-location": `${root}${instance}/frames/1`,
    });
    expect(sha256(part?.body ?? Buffer.alloc(0))).toBe(sha256(first.pixels));
  });

  it("serves WADO-URI", async () => {
    const uri = `${server.url}/wado?requestType=WADO&objectUID=${SOPInstanceUID}`;
    const file = await get(`${uri}&studyUID=${StudyInstanceUID}&contentType=application/dicom`);
    expect(file.headers.get("content-type")).toBe("application/dicom");
    expect(sha256(new Uint8Array(await file.arrayBuffer()))).toBe(sha256(first.file));
    expect((await get(`${uri}&studyUID=1.2.3&contentType=application/dicom`)).status).toBe(404);
    // PS3.18 §9.4.2: an image without a type is a JPEG; Orthanc says PNG of both (behaviour §13.3).
    const picture = await get(uri);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(new Uint8Array(await picture.arrayBuffer()).subarray(0, 3)).toEqual(Uint8Array.of(0xff, 0xd8, 0xff));
    expect((await get(`${uri}&contentType=video/mp4`)).status).toBe(400);
    expect((await get(`${server.url}/wado?objectUID=1`)).status).toBe(404);
  });
});
