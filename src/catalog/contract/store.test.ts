import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog } from "../catalog.ts";

describe.each(implementations)("storing: $name", ({ open }) => {
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
  });
  afterEach(() => opened.dispose());

  const changeTypes = async () => (await catalog.changes({ limit: 100 })).changes.map(({ type }) => type);

  it("makes all levels for the first instance, and logs them in Orthanc's order", async () => {
    const result = await catalog.storeInstance(sampleInstance({ instance: "a" }), keep);
    expect(result).toEqual({
      status: "Success",
      created: ["Instance", "Series", "Study", "Patient"],
      orphaned: [],
      deleted: [],
    });
    expect(await changeTypes()).toEqual(["NewInstance", "NewSeries", "NewStudy", "NewPatient"]);
  });

  it("makes only what is missing", async () => {
    await catalog.storeInstance(sampleInstance({ instance: "a" }), keep);
    const created = async (sample: Parameters<typeof sampleInstance>[0]) => {
      const result = await catalog.storeInstance(sampleInstance(sample), keep);
      return result.status === "Success" ? result.created : result.status;
    };
    expect(await created({ instance: "b" })).toEqual(["Instance"]);
    expect(await created({ instance: "c", series: "other" })).toEqual(["Instance", "Series"]);
    expect(await created({ instance: "d", study: "other" })).toEqual(["Instance", "Series", "Study"]);
    expect(await catalog.statistics()).toEqual({
      compressedSize: 400,
      uncompressedSize: 800,
      patients: 1,
      studies: 2,
      series: 3,
      instances: 4,
    });
  });

  it("answers AlreadyStored and changes nothing", async () => {
    await catalog.storeInstance(sampleInstance({ instance: "a" }), keep);
    const before = await catalog.statistics();
    expect(await catalog.storeInstance(sampleInstance({ instance: "a", size: 5 }), keep)).toEqual({
      status: "AlreadyStored",
    });
    expect(await catalog.statistics()).toEqual(before);
    expect(await changeTypes()).toHaveLength(4);
  });

  it("stores an instance once when it comes many times at once", async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, () => catalog.storeInstance(sampleInstance({ instance: "a" }), keep)),
    );
    const statuses = results.map(({ status }) => status);
    expect(statuses.filter((status) => status === "Success")).toHaveLength(1);
    expect(statuses.filter((status) => status === "AlreadyStored")).toHaveLength(19);
  });

  it("overwrites with Always: the former file is orphaned, metadata and labels are gone", async () => {
    const first = sampleInstance({ instance: "a" });
    await catalog.storeInstance(first, keep);
    await catalog.storeInstance(sampleInstance({ instance: "b" }), keep);
    await catalog.addLabel(first.identifiers.Instance, "old");
    await catalog.setMetadata(first.identifiers.Instance, 1024, "old");
    const second = sampleInstance({ instance: "a", size: 7 });
    const result = await catalog.storeInstance(second, { ...keep, overwrite: "Always" });
    expect(result).toMatchObject({ status: "Success", created: ["Instance"] });
    if (result.status !== "Success") return;
    expect(result.orphaned.map(({ uuid }) => uuid)).toEqual(first.attachments.map(({ uuid }) => uuid));
    expect(await catalog.attachments(first.identifiers.Instance)).toMatchObject([
      { uuid: second.attachments[0]?.uuid, compressedSize: 7 },
    ]);
    expect(await catalog.metadata(first.identifiers.Instance)).not.toHaveProperty("1024");
    expect(await catalog.labels()).toEqual([]);
    expect(await catalog.statistics()).toMatchObject({ instances: 2, compressedSize: 107 });
  });

  it("overwrites with IfChanged only what differs by its MD5 sum", async () => {
    const ifChanged = { ...keep, overwrite: "IfChanged" } as const;
    await catalog.storeInstance(sampleInstance({ instance: "a", md5: "1".repeat(32) }), keep);
    expect(
      (await catalog.storeInstance(sampleInstance({ instance: "a", md5: "1".repeat(32) }), ifChanged)).status,
    ).toBe("AlreadyStored");
    expect(
      (await catalog.storeInstance(sampleInstance({ instance: "a", md5: "2".repeat(32) }), ifChanged)).status,
    ).toBe("Success");
    expect((await catalog.storeInstance(sampleInstance({ instance: "a", md5: "" }), ifChanged)).status).toBe("Success");
    expect((await catalog.storeInstance(sampleInstance({ instance: "a", md5: "" }), ifChanged)).status).toBe("Success");
  });

  it("logs CompletedSeries when the expected instances are there, each once", async () => {
    const expected = "2";
    await catalog.storeInstance(sampleInstance({ instance: "a", expected, index: "1" }), keep);
    expect(await changeTypes()).not.toContain("CompletedSeries");
    await catalog.storeInstance(sampleInstance({ instance: "b", expected, index: "2" }), keep);
    expect((await changeTypes()).at(-1)).toBe("CompletedSeries");
    await catalog.storeInstance(sampleInstance({ instance: "c", series: "twice", expected, index: "1" }), keep);
    await catalog.storeInstance(sampleInstance({ instance: "d", series: "twice", expected, index: "1" }), keep);
    expect((await changeTypes()).filter((type) => type === "CompletedSeries")).toHaveLength(1);
  });

  it("refreshes LastUpdate and ends stability upwards", async () => {
    const first = sampleInstance({ instance: "a", receivedAt: "20260101T000000" });
    const study = { level: "Study", publicId: first.identifiers.Study } as const;
    await catalog.storeInstance(first, keep);
    expect(await catalog.markStable(study, "20260101T000100")).toBe(true);
    await catalog.storeInstance(sampleInstance({ instance: "b", receivedAt: "20260101T000200" }), keep);
    const [found] = await catalog.find({ level: "Study", include: { status: true } });
    expect(found?.status).toEqual({ isStable: false, isProtected: false, lastUpdate: "20260101T000200" });
    expect((await catalog.unstable()).map(({ level }) => level)).toEqual(["Patient", "Study", "Series"]);
  });

  it("fails alone when it is stored together with others", async () => {
    const broken = { ...sampleInstance({ instance: "broken" }), receivedAt: null } as unknown as Parameters<
      Catalog["storeInstance"]
    >[0];
    const results = await Promise.allSettled([
      catalog.storeInstance(sampleInstance({ instance: "a" }), keep),
      catalog.storeInstance(broken, keep),
      catalog.storeInstance(sampleInstance({ instance: "b" }), keep),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await catalog.statistics()).toMatchObject({ instances: 2, series: 1 });
    expect(await changeTypes()).toEqual(["NewInstance", "NewSeries", "NewStudy", "NewPatient", "NewInstance"]);
  });

  it("makes the ancestors again when they have gone between two instances", async () => {
    const tags = { Patient: { "00100010": "Doe^Jane" }, Series: { "00080060": "CT" } };
    const first = sampleInstance({ instance: "a", tags });
    await catalog.storeInstance(first, keep);
    await catalog.remove(first.identifiers.Patient);
    await catalog.storeInstance(sampleInstance({ instance: "b", tags }), keep);
    const always = { ...keep, overwrite: "Always" } as const;
    await catalog.storeInstance(sampleInstance({ instance: "b", tags }), always);
    const [series] = await catalog.find({
      level: "Series",
      include: { mainDicomTags: ["Patient", "Series"], counts: true },
    });
    expect(series?.mainDicomTags).toMatchObject(tags);
    expect(series?.counts?.instances).toBe(1);
  });

  it("keeps what it has acknowledged when it is opened again", async () => {
    if (opened.reopen === undefined) return;
    const instance = sampleInstance({ instance: "a" });
    await catalog.storeInstance(instance, keep);
    catalog = await opened.reopen();
    expect(await catalog.levelOf(instance.identifiers.Instance)).toBe("Instance");
    expect(await catalog.unstable()).toHaveLength(3);
  });
});
