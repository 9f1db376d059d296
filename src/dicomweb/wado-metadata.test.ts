import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultDicomWebOptions } from "../../test/dicomweb/default-options.ts";
import { callRoute } from "../../test/call-route.ts";
import { type MemoryArchive, openMemoryArchive } from "../../test/memory-archive.ts";
import { makeImage, makeStudy, type Phantom } from "../../test/phantoms/study.ts";
import { noLog } from "../util/log.ts";
import { createMetadataCache, type MetadataCache } from "./metadata-cache.ts";
import type { DicomWebOptions } from "./options.ts";
import { wadoMetadataRoutes } from "./wado-metadata.ts";

const cached = { read: true, write: true, ahead: false };
const keptAttachment = 4301;

type Model = Readonly<
  Record<string, { readonly vr: string; readonly Value?: readonly unknown[]; readonly BulkDataURI?: string }>
>;

/** The image at a place of a study of two series; its SliceLocation is that place. */
function imageAt(place: number): Phantom {
  const [image] = [
    ...makeStudy({
      instances: 5,
      perSeries: 3,
      rows: 8,
      attributes: [
        // A value that looks like a bulk data URL in JSON must stay as it is.
        [0x00204000, "LT", '"BulkDataURI":"\u0001'],
        [0x00201041, "DS", `${place}`],
        [0x00420011, "OB", Buffer.from("%PDF")],
      ],
    }),
  ].slice(place);
  if (image === undefined) throw new Error("no image was made");
  return image;
}

const images = [0, 1, 2, 3, 4].map(imageAt);
const { StudyInstanceUID = "", SeriesInstanceUID = "", SOPInstanceUID = "" } = images[0]?.uids ?? {};
const study = `/dicom-web/studies/${StudyInstanceUID}`;

const sliceLocations = (all: readonly Model[]) => all.map((model) => model["00201041"]?.Value?.[0]);

const unread = async () => await Promise.reject(new Error("a file was read"));

let opened: MemoryArchive;
let caches: MetadataCache[];
let studyId: string;
let seriesId: string;

beforeEach(async () => {
  opened = await openMemoryArchive({ stableAge: 0 });
  caches = [];
  const stored = await Promise.all(images.map(({ file }) => opened.archive.ingest(file, { kind: "RestApi" })));
  studyId = stored[0]?.identifiers.Study ?? "";
  seriesId = stored[0]?.identifiers.Series ?? "";
});
afterEach(async () => {
  for (const cache of caches) await cache.close();
  await opened.close();
});

function routes(use = cached, changed: Partial<DicomWebOptions> = {}, settings = () => "") {
  const options: DicomWebOptions = { ...defaultDicomWebOptions, ...changed };
  const { archive, catalog } = opened;
  const metadataCache = createMetadataCache({ archive, catalog, options, use, settings, log: noLog });
  caches.push(metadataCache);
  return wadoMetadataRoutes({ archive, catalog, options, metadataCache });
}

const get = async (from: ReturnType<typeof routes>, path: string, host = "one.example") =>
  await callRoute(from, `GET ${path}`, { headers: { host } });
const models = async (from: ReturnType<typeof routes>, path: string) => (await get(from, path)).json() as Model[];
const kept = async () => {
  const found = await opened.archive.open(seriesId, keptAttachment);
  return found && { uuid: found.attachment.uuid, bytes: Buffer.concat(await Array.fromAsync(found.stream)) };
};

describe("full metadata", () => {
  it("are the same bytes from the files, when they are kept, and once they are kept", async () => {
    const plain = routes({ read: false, write: false, ahead: false });
    const keeping = routes();
    for (const path of [`${study}/metadata`, `${study}/series/${SeriesInstanceUID}/metadata`]) {
      for (const host of ["one.example", "two.example:8042"]) {
        const wanted = (await get(plain, path, host)).text();
        expect(wanted).toContain(`"BulkDataURI":"http://${host}${study}/series/`);
        expect((await get(keeping, path, host)).text()).toBe(wanted);
        expect((await get(keeping, path, host)).text()).toBe(wanted);
      }
    }
    const all = await models(keeping, `${study}/metadata`);
    expect(new Set(all.map((model) => model["00080018"]?.Value?.[0]))).toEqual(
      new Set(images.map(({ uids }) => uids.SOPInstanceUID)),
    );
    expect(all[0]?.["00204000"]?.Value).toEqual(['"BulkDataURI":"\u0001']);
    expect(all[0]).toEqual(
      (await models(plain, `${study}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}/metadata`))[0],
    );
  });

  it("are kept beside the series, packed, in Orthanc's form", async () => {
    const { status } = await get(routes(), `${study}/series/${SeriesInstanceUID}/metadata`);
    expect(status).toBe(200);
    const bytes = (await kept())?.bytes;
    expect(bytes?.toString("latin1", 0, 35)).toMatch(/^2;[0-9a-f]{32};$/u);
    const text = gunzipSync(bytes?.subarray(35) ?? "").toString();
    expect(JSON.parse(`[${text.replaceAll("\u0001", "")}]`)).toHaveLength(3);
  });

  it("are not kept where they may not be", async () => {
    await get(routes({ read: true, write: false, ahead: false }), `${study}/metadata`);
    expect(await kept()).toBeUndefined();
  });

  it("are taken from what is kept", async () => {
    await get(routes(), `${study}/metadata`);
    const options = { otherBinaryMode: "BulkDataURI", metadataAhead: 4 } as const;
    const parts = { catalog: opened.catalog, options, use: cached, settings: () => "", log: noLog };
    const cache = createMetadataCache({ ...parts, archive: { ...opened.archive, headerOnce: unread } });
    const text = Buffer.concat(await Array.fromAsync(cache.series(seriesId))).toString();
    expect(JSON.parse(`[${text.replaceAll("\u0001", "")}]`)).toHaveLength(3);
  });

  it("are made anew when an instance came, went or was replaced, or a setting was changed", async () => {
    let setting = "Latin1";
    const from = routes(cached, {}, () => setting);
    const path = `${study}/series/${SeriesInstanceUID}/metadata`;
    expect(await models(from, path)).toHaveLength(3);
    const first = await kept();
    expect(await kept()).toEqual(first);

    const [instance] = await opened.catalog.find({
      level: "Instance",
      relatedTo: { level: "Series", publicId: seriesId },
      include: {},
    });
    await opened.archive.remove(instance?.publicId ?? "");
    expect(await models(from, path)).toHaveLength(2);
    const second = await kept();
    expect(second?.uuid).not.toBe(first?.uuid);

    setting = "Utf8";
    await get(from, path);
    expect((await kept())?.uuid).not.toBe(second?.uuid);
  });

  it("are dropped when they cannot be read any more, and made anew", async () => {
    const from = routes();
    const path = `${study}/series/${SeriesInstanceUID}/metadata`;
    const wanted = (await get(from, path)).text();
    const broken = Buffer.from((await kept())?.bytes ?? []);
    broken.fill(0xff, 60);
    await opened.archive.attach(seriesId, keptAttachment, Readable.from([broken]));
    await expect(get(from, path)).rejects.toThrow();
    expect(await kept()).toBeUndefined();
    expect((await get(from, path)).text()).toBe(wanted);
  });

  it("are not kept when the client left before the end", async () => {
    const { archive, catalog } = opened;
    const options = { otherBinaryMode: "BulkDataURI", metadataAhead: 4 } as const;
    const cache = createMetadataCache({ archive, catalog, options, use: cached, settings: () => "", log: noLog });
    for await (const chunk of cache.series(seriesId)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await kept()).toBeUndefined();
  });

  it("are ready when the series is stable", async () => {
    routes({ ...cached, ahead: true });
    const stable = Promise.withResolvers<void>();
    opened.archive.subscribe((event) => {
      if (event.type === "Change" && event.change === "UpdatedAttachment") stable.resolve();
    });
    await opened.archive.ingest(makeImage({ rows: 8, seed: 9 }).file, { kind: "RestApi" });
    await stable.promise;
  });
});

describe("files that are read for metadata", () => {
  it.each([1, 3])("at the same time: %i", async (metadataAhead) => {
    let underWay = 0;
    let most = 0;
    const { archive, catalog } = opened;
    const counting = {
      ...archive,
      async headerOnce(instance: string) {
        underWay += 1;
        most = Math.max(most, underWay);
        await setImmediate();
        const header = await archive.headerOnce(instance);
        underWay -= 1;
        return header;
      },
    };
    const options = { otherBinaryMode: "BulkDataURI", metadataAhead } as const;
    const parts = { archive: counting, catalog, options, use: cached, settings: () => "", log: noLog };
    await Array.fromAsync(createMetadataCache(parts).series(seriesId));
    expect(most).toBe(metadataAhead);
  });
});

describe("POST /studies/{id}/update-dicomweb-cache", () => {
  it("makes what is kept anew", async () => {
    const from = routes();
    const reply = await callRoute(from, `POST /studies/${studyId}/update-dicomweb-cache`);
    expect([reply.status, reply.type, reply.text()]).toEqual([200, "application/json; charset=utf-8", "{}"]);
    const first = await kept();
    expect(first).toBeDefined();
    await callRoute(from, `POST /studies/${studyId}/update-dicomweb-cache`);
    expect((await kept())?.uuid).not.toBe(first?.uuid);
    expect((await kept())?.bytes).toEqual(first?.bytes);
  });

  it("is not for what is unknown or not enabled", async () => {
    expect((await callRoute(routes(), `POST /studies/${seriesId}/update-dicomweb-cache`)).status).toBe(404);
    const off = routes({ read: false, write: false, ahead: false });
    expect((await callRoute(off, `POST /studies/${studyId}/update-dicomweb-cache`)).status).toBe(400);
  });
});

describe("metadata of the index", () => {
  const path = `${study}/series/${SeriesInstanceUID}/metadata`;
  it("have what the index knows", async () => {
    const [model] = await models(
      routes(cached, { seriesMetadata: { mode: "MainDicomTags", extrapolatedTags: [] } }),
      path,
    );
    expect(model?.["0020000E"]?.Value).toEqual([SeriesInstanceUID]);
    expect(model?.["00280100"]).toBeUndefined();
    expect(await kept()).toBeUndefined();
  });

  it("have besides what most of a few files say: the first one's value where they differ, as in Orthanc", async () => {
    const exact = sliceLocations(await models(routes(), path));
    expect(exact).toEqual([0, 1, 2]);
    const extrapolatedTags = [0x00280100, 0x00201041, 0x00080018, 0x00420011, 0x7fe00010, 0x00181020];
    const all = await models(routes(cached, { seriesMetadata: { mode: "Extrapolate", extrapolatedTags } }), path);
    expect(all.map((model) => model["00280100"])).toEqual(Array.from({ length: 3 }, () => ({ vr: "US", Value: [16] })));
    expect(sliceLocations(all)).toEqual([0, 0, 0]);
    expect(new Set(all.map((model) => model["00080018"]?.Value?.[0])).size).toBe(3);
    expect(all[0]).not.toHaveProperty("00420011");
    expect(all[0]).not.toHaveProperty("7FE00010");
    expect(all[0]).not.toHaveProperty("00181020");
    expect(Object.keys(all[0] ?? {})).toEqual(Object.keys(all[0] ?? {}).toSorted());
  });
});
