import { afterAll, describe, expect, it } from "vitest";
import { callRoute } from "../../test/call-route.ts";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeStudy } from "../../test/phantoms/study.ts";
import { createIngestTranscoding } from "../archive/ingest-transcoding.ts";
import { createTranscoding } from "../archive/transcode.ts";
import type { Level } from "../catalog/catalog.ts";
import { createCodecPool } from "../pixels/codec-pool.ts";
import { noLog } from "../util/log.ts";
import { reconstructRoutes } from "./reconstruct-routes.ts";

const opened = await openMemoryArchive();
const { archive, catalog } = opened;
afterAll(() => opened.close());
const pool = createCodecPool();
afterAll(() => pool.close());
const transcoding = createTranscoding({ archive, pool, lossyQuality: 90 });
const routes = reconstructRoutes({
  archive,
  catalog,
  transcoding,
  files: { compressed: true, transcoding: undefined },
});

const explicitLittleEndian = "1.2.840.10008.1.2.1";
const jpegLsLossless = "1.2.840.10008.1.2.4.80";
const jpegBaseline = "1.2.840.10008.1.2.4.50";

const images = [...makeStudy({ instances: 4, perSeries: 2, rows: 8 })];
const stored = await Promise.all(images.map(({ file }) => archive.ingest(file, { kind: "RestApi" })));
const [first] = stored.map(({ identifiers }) => identifiers);
if (first === undefined) throw new Error("nothing was stored");

const levels = ["Patient", "Study", "Series", "Instance"] as const;
const known = async (level: Level) => {
  const include = { mainDicomTags: [level], metadata: true };
  const [found] = await catalog.find({ level, publicIds: [first[level]], include });
  const { 7: _, ...metadata } = found?.metadata ?? {};
  return { tags: found?.mainDicomTags?.[level], metadata };
};
const all = () => Promise.all(levels.map(known));
const right = await all();

/** Makes the catalog tell something wrong of the first instance and all above. */
async function spoil(): Promise<void> {
  const wrong = { "00100020": "wrong", "0020000D": "wrong" };
  const metadata = { 1: "99", 9: "1.2.3", 14: "3", 15: "wrong" };
  await catalog.reconstruct(
    levels.map((level) => ({ level, publicId: first?.[level] ?? "", mainDicomTags: wrong, metadata })),
  );
  expect(await all()).not.toEqual(right);
}

const post = (path: string, body = "") => callRoute(routes, `POST ${path}`, { body });

/** The routes of a server with `IngestTranscoding`. */
function withTranscoding(transferSyntaxUID: string) {
  const always = { ofUncompressed: true, ofCompressed: true, lossyQuality: 90, log: noLog };
  const ingestTranscoding = createIngestTranscoding({ pool, transferSyntaxUID, ...always });
  return reconstructRoutes({
    archive,
    catalog,
    transcoding,
    files: { compressed: false, transcoding: ingestTranscoding },
  });
}

describe("reconstruction", () => {
  it.each([
    `/patients/${first.Patient}/reconstruct`,
    `/studies/${first.Study}/reconstruct`,
    `/series/${first.Series}/reconstruct`,
    `/instances/${first.Instance}/reconstruct`,
    "/tools/reconstruct",
  ])("POST %s reads what the files say", async (path) => {
    await spoil();
    const reply = await post(path, path.startsWith("/series") ? "{}" : "");
    expect([reply.status, reply.type, reply.text()]).toEqual([200, "text/plain", ""]);
    expect(await all()).toEqual(right);
  });

  it("can be limited to the level itself", async () => {
    await spoil();
    await post(`/studies/${first.Study}/reconstruct`, '{"LimitToThisLevelMainDicomTags":true}');
    const [patient, study, series] = await all();
    expect(study).toEqual(right[1]);
    expect(patient?.tags).toEqual({ "00100020": "wrong", "0020000D": "wrong" });
    expect(series).not.toEqual(right[2]);
  });

  it("stores files as new ones are stored, when asked", async () => {
    const compression = async () => (await catalog.attachments(first.Instance))?.map((file) => file.compression);
    await post(`/instances/${first.Instance}/reconstruct`, "{}");
    expect(await compression()).toEqual([1]);
    await post(`/instances/${first.Instance}/reconstruct`, '{"ReconstructFiles":true}');
    expect(await compression()).toEqual([2]);
    expect(await all()).toEqual(right);
  });

  it("transcodes files as IngestTranscoding would, and keeps what is known of them", async () => {
    const syntaxOf = async () => (await known("Instance")).metadata[9];
    expect(await syntaxOf()).toBe(explicitLittleEndian);
    await catalog.setMetadata(first.Instance, 1024, "mine");
    const decoded = async () => (await transcoding.decodedFrame(first.Instance, 0)).bytes;
    const pixels = await decoded();
    const path = `POST /studies/${first.Study}/reconstruct`;
    await callRoute(withTranscoding(jpegLsLossless), path, { body: '{"ReconstructFiles":true}' });
    expect(await syntaxOf()).toBe(jpegLsLossless);
    expect((await archive.header(first.Instance))?.transferSyntaxUID).toBe(jpegLsLossless);
    expect(await decoded()).toEqual(pixels);
    expect((await known("Instance")).metadata[1024]).toBe("mine");

    await callRoute(withTranscoding(jpegBaseline), path, { body: '{"ReconstructFiles":true}' });
    expect(await syntaxOf()).toBe(jpegLsLossless);
    await callRoute(withTranscoding(explicitLittleEndian), path, { body: '{"ReconstructFiles":true}' });
    expect(await syntaxOf()).toBe(explicitLittleEndian);
    expect(await decoded()).toEqual(pixels);
  });

  it("is not for what is unknown", async () => {
    expect(await post("/studies/nothing/reconstruct")).toMatchObject({ status: 404 });
    expect(await post(`/series/${first.Study}/reconstruct`)).toMatchObject({ status: 404 });
  });

  it("has nothing to invalidate any more", async () => {
    expect((await post("/tools/invalidate-tags")).status).toBe(200);
  });
});
