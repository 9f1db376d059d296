import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog, StorePolicy } from "../catalog.ts";

const twoPatients: StorePolicy = { ...keep, maximumPatientCount: 2 };
const bytes = (maximumStorageSize: number): StorePolicy => ({ ...keep, maximumStorageSize });

const idOf = (patient: string) => sampleInstance({ patient, instance: "any" }).identifiers.Patient;

describe.each(implementations)("quotas: $name", ({ open }) => {
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
  });
  afterEach(() => opened.dispose());

  const store = (patient: string, instance: string, policy: StorePolicy = keep, size = 100) =>
    catalog.storeInstance(sampleInstance({ patient, instance, size }), policy);
  const patients = async () =>
    (await catalog.find({ level: "Patient", include: { mainDicomTags: ["Patient"] } })).map(
      (found) => found.mainDicomTags?.Patient?.["00100020"],
    );

  it("recycles the patient that was stored first", async () => {
    await store("A", "1");
    await store("B", "2");
    const result = await store("C", "3", twoPatients);
    expect(result.status === "Success" && result.deleted.map(({ level }) => level)).toEqual([
      "Patient",
      "Study",
      "Series",
      "Instance",
    ]);
    expect(result.status === "Success" && result.orphaned).toHaveLength(1);
    expect(await patients()).toEqual(["B", "C"]);
  });

  it("spares a patient that has received something since, and one that is protected", async () => {
    await store("A", "1");
    await store("B", "2");
    await store("A", "3");
    await store("C", "4", twoPatients);
    expect(await patients()).toEqual(["A", "C"]);
    await catalog.setProtected(idOf("A"), true);
    await store("D", "5", twoPatients);
    expect(await patients()).toEqual(["A", "D"]);
  });

  it("puts a patient that loses its protection at the end", async () => {
    await store("A", "1");
    await catalog.setProtected(idOf("A"), true);
    await store("B", "2");
    await catalog.setProtected(idOf("A"), false);
    await store("C", "3", twoPatients);
    expect(await patients()).toEqual(["A", "C"]);
  });

  it("makes room in bytes, as many patients as it takes", async () => {
    for (const patient of ["A", "B", "C"]) await store(patient, patient);
    await store("D", "D", bytes(300), 150);
    expect(await patients()).toEqual(["C", "D"]);
    expect((await catalog.statistics()).compressedSize).toBe(250);
  });

  it("never recycles the patient that is stored: then the storage is full and nothing goes", async () => {
    await store("A", "1");
    await store("B", "2");
    await catalog.setProtected(idOf("B"), true);
    expect(await store("A", "3", bytes(200))).toEqual({ status: "StorageFull" });
    expect(await store("C", "4", bytes(50))).toEqual({ status: "StorageFull" });
    expect(await patients()).toEqual(["A", "B"]);
  });

  it("rejects in the mode Reject", async () => {
    await store("A", "1");
    const reject = { ...bytes(150), storageMode: "Reject" } as const;
    expect(await store("B", "2", reject)).toEqual({ status: "StorageFull" });
    expect((await store("B", "2", reject, 50)).status).toBe("Success");
  });

  it("counts only what overwriting adds", async () => {
    await store("A", "1");
    const always = { ...bytes(120), overwrite: "Always", storageMode: "Reject" } as const;
    expect((await store("A", "1", always, 120)).status).toBe("Success");
    expect(await store("A", "1", always, 121)).toEqual({ status: "StorageFull" });
    expect((await catalog.statistics()).compressedSize).toBe(120);
  });
});
