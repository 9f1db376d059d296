import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { dicomFile, keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog } from "../catalog.ts";

describe.each(implementations)("metadata, attachments, labels: $name", ({ open }) => {
  const sample = sampleInstance({ instance: "a" });
  const { Instance, Series, Study, Patient } = sample.identifiers;
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
    await catalog.storeInstance(sample, keep);
  });
  afterEach(() => opened.dispose());

  it("knows the level of an identifier", async () => {
    const ids = [Patient, Study, Series, Instance, "unknown"];
    expect(await Promise.all(ids.map((id) => catalog.levelOf(id)))).toEqual([
      "Patient",
      "Study",
      "Series",
      "Instance",
      undefined,
    ]);
  });

  it("gives the metadata that were stored with the instance, and LastUpdate of its ancestors", async () => {
    expect(await catalog.metadata(Instance)).toEqual({
      2: { value: "20260101T000000", revision: 0 },
      8: { value: "RestApi", revision: 0 },
      10: { value: "1.2.840.10008.5.1.4.1.1.2", revision: 0 },
    });
    expect(await catalog.metadata(Study, "Study")).toEqual({ 7: { value: sample.receivedAt, revision: 0 } });
    expect(await catalog.metadata(Study, "Series")).toBeUndefined();
  });

  it("counts the revisions of metadata from 0", async () => {
    expect(await catalog.setMetadata(Study, 1024, "a")).toEqual({ status: "Success", revision: 0 });
    expect(await catalog.setMetadata(Study, 1024, "b")).toEqual({ status: "Success", revision: 1 });
    expect(await catalog.setMetadata(Study, 1024, "c", 0)).toEqual({ status: "Revision", revision: 1 });
    expect(await catalog.setMetadata(Study, 1024, "c", 1)).toEqual({ status: "Success", revision: 2 });
    expect((await catalog.metadata(Study))?.[1024]).toEqual({ value: "c", revision: 2 });
    expect(await catalog.deleteMetadata(Study, 1024, 1)).toEqual({ status: "Revision", revision: 2 });
    expect(await catalog.deleteMetadata(Study, 1024, 2)).toEqual({ status: "Success", revision: 2 });
    expect(await catalog.deleteMetadata(Study, 1024)).toEqual({ status: "UnknownResource" });
    expect(await catalog.setMetadata("unknown", 1024, "a")).toEqual({ status: "UnknownResource" });
  });

  it("sets metadata that ModifiedFrom and the like are, and those that ingest writes", async () => {
    expect((await catalog.setMetadata(Instance, 5, "former")).status).toBe("Success");
    expect((await catalog.setMetadata(Instance, 3, "SENDER")).status).toBe("Success");
    expect(await catalog.metadata(Instance)).toMatchObject({ 5: { value: "former" }, 3: { value: "SENDER" } });
  });

  it("keeps attachments of any level and counts their sizes", async () => {
    const first = { ...dicomFile(10), type: 1025 };
    const second = { ...dicomFile(30), type: 1025, customData: "where" };
    expect(await catalog.setAttachment(Series, first)).toEqual({ status: "Success", revision: 0 });
    expect(await catalog.setAttachment(Series, second, 0)).toEqual({
      status: "Success",
      revision: 1,
      replaced: { ...first, revision: 0 },
    });
    expect(await catalog.setAttachment(Series, first, 0)).toEqual({ status: "Revision", revision: 1 });
    expect(await catalog.attachments(Series)).toEqual([{ ...second, revision: 1 }]);
    expect(await catalog.resourceStatistics(Study)).toMatchObject({ compressedSize: 130, dicomCompressedSize: 100 });
    expect(await catalog.deleteAttachment(Series, 1025)).toMatchObject({
      status: "Success",
      replaced: { uuid: second.uuid },
    });
    expect(await catalog.deleteAttachment(Series, 1025)).toEqual({ status: "UnknownResource" });
    expect(await catalog.statistics()).toMatchObject({ compressedSize: 100, uncompressedSize: 200 });
  });

  it("replaces and removes the DICOM file of an instance", async () => {
    const compressed = { ...dicomFile(40), compression: 2 } as const;
    expect(await catalog.setAttachment(Instance, compressed)).toMatchObject({ status: "Success", revision: 1 });
    expect(await catalog.attachments(Instance)).toEqual([{ ...compressed, revision: 1 }]);
    expect((await catalog.resourceStatistics(Instance))?.dicomCompressedSize).toBe(40);
    await catalog.deleteAttachment(Instance, 1);
    expect(await catalog.attachments(Instance)).toEqual([]);
    expect((await catalog.statistics()).compressedSize).toBe(0);
  });

  it("knows which blobs have a row", async () => {
    const extra = { ...dicomFile(1), type: 1024 };
    await catalog.setAttachment(Patient, extra);
    const uuid = sample.attachments[0]?.uuid ?? "";
    expect(await catalog.knownBlobs([uuid, extra.uuid, "other"])).toEqual(new Set([uuid, extra.uuid]));
  });

  it("keeps labels, once each", async () => {
    expect(await catalog.addLabel(Study, "b")).toBe(true);
    expect(await catalog.addLabel(Study, "b")).toBe(true);
    expect(await catalog.addLabel(Series, "a")).toBe(true);
    expect(await catalog.addLabel("unknown", "a")).toBe(false);
    expect(await catalog.labels()).toEqual(["a", "b"]);
    expect(await catalog.removeLabel(Study, "b")).toBe(true);
    expect(await catalog.labels()).toEqual(["a"]);
  });

  it("gives the statistics of each level", async () => {
    await catalog.storeInstance(sampleInstance({ instance: "b", series: "s2" }), keep);
    const sizes = { compressedSize: 200, uncompressedSize: 400, dicomCompressedSize: 200, dicomUncompressedSize: 400 };
    expect(await catalog.resourceStatistics(Patient)).toEqual({
      ...sizes,
      patients: 1,
      studies: 1,
      series: 2,
      instances: 2,
    });
    expect(await catalog.resourceStatistics(Study)).toMatchObject({ ...sizes, series: 2, instances: 2 });
    expect(await catalog.resourceStatistics(Series)).toMatchObject({ compressedSize: 100, instances: 1 });
    expect(await catalog.resourceStatistics(Instance)).toMatchObject({ compressedSize: 100, instances: 1 });
    expect(await catalog.resourceStatistics("unknown")).toBeUndefined();
  });

  it("protects patients only", async () => {
    expect(await catalog.isProtected(Patient)).toBe(false);
    expect(await catalog.setProtected(Patient, true)).toBe(true);
    expect(await catalog.isProtected(Patient)).toBe(true);
    expect(await catalog.isProtected(Study)).toBeUndefined();
    expect(await catalog.setProtected(Study, true)).toBe(false);
  });

  it("marks as stable what has not changed", async () => {
    const study = { level: "Study", publicId: Study } as const;
    expect(await catalog.markStable(study, "20260102T040000", "20260102T030404")).toBe(false);
    expect(await catalog.markStable(study, "20260102T040000", "20260102T030405")).toBe(true);
    expect(await catalog.markStable(study, "20260102T040000")).toBe(false);
    expect((await catalog.changes({ limit: 100 })).changes.at(-1)).toMatchObject({
      type: "StableStudy",
      publicId: Study,
      date: "20260102T040000",
    });
  });

  it("takes it back that something is stable", async () => {
    const study = { level: "Study", publicId: Study } as const;
    expect(await catalog.markUnstable(study)).toBe(false);
    await catalog.markStable(study, "20260102T040000");
    expect(await catalog.markUnstable(study)).toBe(true);
    expect((await catalog.unstable()).map(({ publicId }) => publicId)).toContain(Study);
    expect(await catalog.markStable(study, "20260102T050000")).toBe(true);
    expect(await catalog.markUnstable({ level: "Instance", publicId: Instance })).toBe(false);
  });

  it("keeps properties and sequences", async () => {
    expect(await catalog.property("jobs")).toBeUndefined();
    await catalog.setProperty("jobs", "{}");
    await catalog.setProperty("jobs", "[]");
    expect(await catalog.property("jobs")).toBe("[]");
    await catalog.setProperty("jobs", undefined);
    expect(await catalog.property("jobs")).toBeUndefined();
    expect([await catalog.nextSequence("a"), await catalog.nextSequence("a"), await catalog.nextSequence("b")]).toEqual(
      [1, 2, 1],
    );
  });
});
