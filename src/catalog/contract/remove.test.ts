import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { dicomFile, keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog } from "../catalog.ts";

const secondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

describe.each(implementations)("removing: $name", ({ open }) => {
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
  });
  afterEach(() => opened.dispose());

  const samples = {
    a: sampleInstance({ instance: "a" }),
    b: sampleInstance({ instance: "b", sopClass: secondaryCapture }),
    c: sampleInstance({ instance: "c", series: "s2" }),
    d: sampleInstance({ instance: "d", study: "t2" }),
  };
  const storeAll = async () => {
    for (const sample of Object.values(samples)) await catalog.storeInstance(sample, keep);
  };

  it("answers undefined for what is unknown, or known at another level", async () => {
    await storeAll();
    expect(await catalog.remove("unknown")).toBeUndefined();
    expect(await catalog.remove(samples.a.identifiers.Study, "Series")).toBeUndefined();
  });

  it("removes an instance and leaves its siblings", async () => {
    await storeAll();
    const { Instance, Series } = samples.a.identifiers;
    const result = await catalog.remove(Instance, "Instance");
    expect(result?.deleted).toEqual([{ level: "Instance", publicId: Instance }]);
    expect(result?.orphaned.map(({ uuid }) => uuid)).toEqual([samples.a.attachments[0]?.uuid]);
    expect(result?.remainingAncestor).toEqual({ level: "Series", publicId: Series });
    expect(await catalog.statistics()).toMatchObject({ instances: 3, series: 3, compressedSize: 300 });
    const [found] = await catalog.find({
      level: "Series",
      publicIds: [Series],
      include: { sopClasses: true, counts: true },
    });
    expect(found).toMatchObject({ sopClasses: [secondaryCapture], counts: { instances: 1 } });
  });

  it("removes the ancestors that are left empty", async () => {
    await storeAll();
    const { Instance, Series, Study, Patient } = samples.d.identifiers;
    const result = await catalog.remove(Instance);
    expect(result?.deleted).toEqual([
      { level: "Study", publicId: Study },
      { level: "Series", publicId: Series },
      { level: "Instance", publicId: Instance },
    ]);
    expect(result?.remainingAncestor).toEqual({ level: "Patient", publicId: Patient });
  });

  it("removes a study with all below it, and refreshes its patient's LastUpdate", async () => {
    await storeAll();
    const result = await catalog.remove(samples.a.identifiers.Study);
    expect(result?.deleted).toHaveLength(6);
    expect(result?.orphaned).toHaveLength(3);
    expect(await catalog.statistics()).toEqual({
      compressedSize: 100,
      uncompressedSize: 200,
      patients: 1,
      studies: 1,
      series: 1,
      instances: 1,
    });
    const [patient] = await catalog.find({ level: "Patient", include: { counts: true, status: true } });
    expect(patient?.counts).toEqual({ studies: 1, series: 1, instances: 1 });
    expect(patient?.status?.lastUpdate).not.toBe(samples.a.receivedAt);
  });

  it("removes everything that hangs on a patient", async () => {
    await storeAll();
    const { Patient, Series } = samples.a.identifiers;
    await catalog.addLabel(Series, "label");
    await catalog.setMetadata(Series, 1024, "value");
    const extra = { ...dicomFile(5), type: 1024 };
    await catalog.setAttachment(Series, extra);
    const result = await catalog.remove(Patient);
    expect(result?.remainingAncestor).toBeNull();
    expect(result?.orphaned.map(({ uuid }) => uuid)).toContain(extra.uuid);
    expect(await catalog.labels()).toEqual([]);
    expect((await catalog.changes({ limit: 100 })).changes).toEqual([]);
    expect(await catalog.knownBlobs([extra.uuid, samples.b.attachments[0]?.uuid ?? ""])).toEqual(new Set());
    expect(await catalog.statistics()).toEqual({
      compressedSize: 0,
      uncompressedSize: 0,
      patients: 0,
      studies: 0,
      series: 0,
      instances: 0,
    });
    expect((await catalog.storeInstance(samples.a, keep)).status).toBe("Success");
    expect((await catalog.find({ level: "Series", include: { labels: true, metadata: true } }))[0]).toMatchObject({
      labels: [],
    });
  });
});
