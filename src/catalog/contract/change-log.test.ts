import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog } from "../catalog.ts";

describe.each(implementations)("changes and exports: $name", ({ open }) => {
  const first = sampleInstance({ instance: "a" });
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
    // Changes 1 to 4, then 5.
    await catalog.storeInstance(first, keep);
    await catalog.storeInstance(sampleInstance({ instance: "b" }), keep);
  });
  afterEach(() => opened.dispose());

  const page = async (request: Parameters<Catalog["changes"]>[0]) => {
    const { changes, done, last } = await catalog.changes(request);
    return { seqs: changes.map(({ seq }) => seq), done, last };
  };

  it("pages forwards after `since`", async () => {
    expect(await page({ since: 0, limit: 2 })).toEqual({ seqs: [1, 2], done: false, last: 2 });
    expect(await page({ since: 2, limit: 3 })).toEqual({ seqs: [3, 4, 5], done: true, last: 5 });
    expect(await page({ since: 5, limit: 3 })).toEqual({ seqs: [], done: true, last: 5 });
  });

  it("pages backwards from `to`", async () => {
    expect(await page({ to: 4, limit: 2 })).toEqual({ seqs: [3, 4], done: false, last: 4 });
    expect(await page({ to: 2, limit: 5 })).toEqual({ seqs: [1, 2], done: true, last: 2 });
    expect(await page({ since: 1, to: 3, limit: 5 })).toEqual({ seqs: [2, 3], done: true, last: 3 });
  });

  it("filters by type", async () => {
    expect(await page({ since: 0, limit: 10, types: ["NewInstance", "NewPatient"] })).toEqual({
      seqs: [1, 4, 5],
      done: true,
      last: 5,
    });
  });

  it("tells what changed and when", async () => {
    const { changes } = await catalog.changes({ since: 2, limit: 1 });
    expect(changes).toEqual([
      { seq: 3, type: "NewStudy", level: "Study", publicId: first.identifiers.Study, date: first.receivedAt },
    ]);
  });

  it("never gives a number twice", async () => {
    await catalog.deleteChanges();
    expect(await page({ since: 0, limit: 10 })).toEqual({ seqs: [], done: true, last: 5 });
    await catalog.recordChange(
      "UpdatedMetadata",
      { level: "Study", publicId: first.identifiers.Study },
      "20260101T000000",
    );
    await catalog.recordChange("UpdatedMetadata", { level: "Study", publicId: "gone" }, "20260101T000000");
    expect(await page({ since: 0, limit: 10 })).toEqual({ seqs: [6], done: true, last: 6 });
  });

  it("records exports with the identifiers down to their level", async () => {
    await catalog.recordExport({ level: "Series", publicId: first.identifiers.Series }, "PACS", "20260101T000000");
    await catalog.recordExport({ level: "Patient", publicId: first.identifiers.Patient }, "PACS", "20260101T000001");
    expect(await catalog.exports(0, 1)).toEqual({
      exports: [
        {
          seq: 1,
          level: "Series",
          publicId: first.identifiers.Series,
          remoteModality: "PACS",
          date: "20260101T000000",
          PatientID: "P",
          StudyInstanceUID: "P.1",
          SeriesInstanceUID: "P.1.1",
          SOPInstanceUID: "",
        },
      ],
      done: false,
      last: 1,
    });
    await catalog.deleteExports();
    expect(await catalog.exports(0, 10)).toEqual({ exports: [], done: true, last: 2 });
  });
});
