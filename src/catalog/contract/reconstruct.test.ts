import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog } from "../catalog.ts";

describe.each(implementations)("reconstruction: $name", ({ open }) => {
  const sample = sampleInstance({
    instance: "a",
    index: "3",
    tags: { Patient: { "00100010": "Old^Name", "00104000": "old" }, Study: { "00081030": "old study" } },
  });
  const { Instance, Study, Patient } = sample.identifiers;
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
    await catalog.storeInstance(sample, keep);
  });
  afterEach(() => opened.dispose());

  const studiesNamed = (value: string) =>
    catalog.find({
      level: "Study",
      constraints: [{ tag: 0x00100010, caseSensitive: false, match: "equal", value }],
      include: { mainDicomTags: ["Patient", "Study"] },
    });

  it("sets main DICOM tags anew, and the study's copy of its patient's", async () => {
    const isKnown = await catalog.reconstruct([
      {
        level: "Patient",
        publicId: Patient,
        mainDicomTags: { "00100020": "P", "00100010": "New^Name", "00104000": "new" },
        metadata: { 15: "signature" },
      },
      { level: "Study", publicId: Study, mainDicomTags: { "0020000D": "P.1" }, metadata: {} },
    ]);
    expect(isKnown).toBe(true);
    expect(await studiesNamed("old^name")).toEqual([]);
    expect(await studiesNamed("new^name")).toMatchObject([
      {
        mainDicomTags: {
          Patient: { "00100020": "P", "00100010": "New^Name", "00104000": "new" },
          Study: { "0020000D": "P.1" },
        },
      },
    ]);
    expect((await catalog.metadata(Patient))?.[15]?.value).toBe("signature");
  });

  it("sets and removes metadata of the file, and leaves others", async () => {
    const mainDicomTags = sample.mainDicomTags.Instance;
    await catalog.reconstruct([
      { level: "Instance", publicId: Instance, mainDicomTags, metadata: { 1: null, 9: "1.2.840.10008.1.2" } },
    ]);
    const values = Object.entries((await catalog.metadata(Instance)) ?? {}).map(([number, { value }]) => [
      number,
      value,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      2: "20260101T000000",
      8: "RestApi",
      9: "1.2.840.10008.1.2",
      10: "1.2.840.10008.5.1.4.1.1.2",
    });
  });

  it("tells of resources that are unknown", async () => {
    const unknown = { level: "Study", publicId: "unknown", mainDicomTags: {}, metadata: {} } as const;
    expect(await catalog.reconstruct([unknown])).toBe(false);
  });
});
