import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createWatchedStorage, openTestArchive, type WatchedStorage } from "../../test/archive/test-archive.ts";
import { dataset, fileHeader } from "../../test/phantoms/explicit-writer.ts";
import { makeLargeInstance } from "../../test/phantoms/large-instance.ts";
import { makeImage, makeStudy } from "../../test/phantoms/study.ts";
import { ServerError } from "../util/errors.ts";
import type { Origin } from "./archive.ts";

const origin: Origin = { kind: "RestApi", remoteIp: "192.0.2.1", username: "alice" };
const small = makeImage({ rows: 16 });

async function* inPieces(bytes: Buffer, length = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function* broken(): AsyncGenerator<Buffer> {
  yield small.file.subarray(0, 1200);
  throw new Error("the client went away");
}

async function bytesOf(stream: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream ?? []));
}

/** Notes the order of writing and indexing. */
function noting(steps: string[]): WatchedStorage {
  const storage = createWatchedStorage();
  return {
    ...storage,
    async write(...parameters) {
      const result = await storage.write(...parameters);
      steps.push("blob written");
      return result;
    },
    async remove(blob) {
      await storage.remove(blob);
      steps.push("blob removed");
    },
  };
}

describe("a new instance", () => {
  test("is stored with its identifiers, and read back byte for byte", async () => {
    await using open = await openTestArchive();
    const result = await open.archive.ingest(inPieces(small.file), origin);
    const { PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = small.uids;
    const hex = createHash("sha1")
      .update([PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID].join("|"))
      .digest("hex");
    expect(result).toMatchObject({ status: "Success", uids: small.uids });
    expect(result.identifiers.Instance.replaceAll("-", "")).toBe(hex);
    const file = await open.archive.open(result.identifiers.Instance, 1);
    expect(file?.size).toBe(small.file.length);
    expect((await bytesOf(file?.stream)).equals(small.file)).toBe(true);
    expect(file?.attachment.uncompressedChecksum).toBe(crc32(small.file).toString(16).padStart(8, "0"));
  });

  test("has the metadata of its origin", async () => {
    await using open = await openTestArchive();
    const { identifiers } = await open.archive.ingest(small.file, origin);
    const [instance] = await open.catalog.find({ level: "Instance", include: { metadata: true } });
    expect(instance?.metadata).toMatchObject({
      1: "1",
      2: "20261123T120000",
      3: "",
      8: "RestApi",
      9: "1.2.840.10008.1.2.1",
      10: small.uids.SOPClassUID,
      11: "192.0.2.1",
      13: "alice",
      14: String(small.file.length - small.pixels.length - 12),
    });
    const [series] = await open.catalog.find({
      level: "Series",
      publicIds: [identifiers.Series],
      include: { metadata: true, mainDicomTags: ["Series"] },
    });
    expect(series?.metadata).toMatchObject({ 3: "", 7: "20261123T120000" });
    expect(series?.mainDicomTags?.Series).toMatchObject({ "00080060": "CT", "0020000E": small.uids.SeriesInstanceUID });
  });

  test("is told of after the commit: itself, then what is new above it", async () => {
    await using open = await openTestArchive();
    for (const { file } of makeStudy({ rows: 16, instances: 2 })) await open.archive.ingest(file, origin);
    expect(open.events.map((event) => (event.type === "Change" ? event.change : event.type))).toEqual([
      "StoredInstance",
      "NewInstance",
      "NewSeries",
      "NewStudy",
      "NewPatient",
      "StoredInstance",
      "NewInstance",
    ]);
    expect(open.events[0]).toMatchObject({ origin, tags: { "00100020": small.uids.PatientID, "00080060": "CT" } });
  });

  test("that is large goes straight to the storage", async () => {
    await using open = await openTestArchive({ options: { uploadMemory: 0 } });
    const large = makeLargeInstance(3 << 20);
    const result = await open.archive.ingest(large.stream(), origin);
    expect(result).toMatchObject({ status: "Success", uids: large.uids });
    const expected = Buffer.concat(await Array.fromAsync(large.stream()));
    const file = await open.archive.open(result.identifiers.Instance, 1);
    expect((await bytesOf(file?.stream)).equals(expected)).toBe(true);
    expect(file?.attachment.uncompressedChecksum).toBe(crc32(expected).toString(16).padStart(8, "0"));
  });

  test("is indexed only, without StoreDicom", async () => {
    await using open = await openTestArchive({ options: { storeDicom: false, uploadMemory: 0 } });
    const { identifiers } = await open.archive.ingest(inPieces(small.file), origin);
    expect(await open.catalog.attachments(identifiers.Instance)).toEqual([]);
    expect(open.storage.written()).toBe(0);
  });
});

describe("the order of a crash without loss", () => {
  test("is blob, row, events", async () => {
    const steps: string[] = [];
    await using open = await openTestArchive({
      storage: noting(steps),
      catalog: (catalog) => ({
        async storeInstance(...parameters) {
          const result = await catalog.storeInstance(...parameters);
          steps.push("row committed");
          return result;
        },
      }),
    });
    open.archive.subscribe(({ type }) => void (type === "StoredInstance" && steps.push("told")));
    await open.archive.ingest(small.file, origin);
    expect(steps).toEqual(["blob written", "row committed", "told"]);
  });

  test("removes the blob when the catalog fails", async () => {
    await using open = await openTestArchive({
      catalog: () => ({ storeInstance: () => Promise.reject(new ServerError("Database", "on fire")) }),
    });
    await expect(open.archive.ingest(small.file, origin)).rejects.toThrow("on fire");
    expect(open.storage.written()).toBe(1);
    expect(open.storage.blobs.size).toBe(0);
    expect(open.events).toEqual([]);
  });

  test("makes no row when the storage fails", async () => {
    const storage = {
      ...createWatchedStorage(),
      write: () => Promise.reject(new ServerError("FullStorage", "no space")),
    };
    await using open = await openTestArchive({ storage });
    await expect(open.archive.ingest(small.file, origin)).rejects.toThrow("no space");
    expect(await open.catalog.statistics()).toMatchObject({ instances: 0, patients: 0 });
  });

  test("removes the blob of what does not fit", async () => {
    const policy = {
      overwrite: "Never",
      maximumStorageSize: 10,
      maximumPatientCount: 0,
      storageMode: "Reject",
    } as const;
    await using open = await openTestArchive({ options: { policy } });
    expect(await open.archive.ingest(small.file, origin)).toMatchObject({ status: "StorageFull" });
    expect(open.storage.blobs.size).toBe(0);
  });

  test("leaves nothing of a stream that breaks", async () => {
    await using open = await openTestArchive({ options: { uploadMemory: 0 } });
    await expect(open.archive.ingest(broken(), origin)).rejects.toThrow("the client went away");
    expect(open.storage.blobs.size).toBe(0);
  });
});

describe("an instance that is there already", () => {
  test("is left as it is (OverwriteInstances: Never)", async () => {
    await using open = await openTestArchive();
    await open.archive.ingest(small.file, origin);
    expect(await open.archive.ingest(small.file, origin)).toMatchObject({ status: "AlreadyStored" });
    expect(open.storage.blobs.size).toBe(1);
  });

  test.each([64 << 20, 0])("is not even written when it is large (memory %i)", async (uploadMemory) => {
    const { file } = makeImage({ rows: 1024 });
    await using open = await openTestArchive({ options: { uploadMemory } });
    await open.archive.ingest(inPieces(file), origin);
    expect(await open.archive.ingest(inPieces(file), origin)).toMatchObject({ status: "AlreadyStored" });
    expect(open.storage.written()).toBe(1);
  });

  test("is replaced, its blob removed (Always)", async () => {
    await using open = await openTestArchive({ options: { policy: overwriting("Always") } });
    const first = await open.archive.ingest(small.file, origin);
    await open.archive.header(first.identifiers.Instance);
    const changed = makeImage({ rows: 16, patientName: "Other^Name" });
    expect(await open.archive.ingest(changed.file, origin)).toMatchObject({ status: "Success" });
    expect((await open.archive.header(first.identifiers.Instance))?.dataset.text(0x00100010)).toBe("Other^Name");
    await expect.poll(() => open.storage.blobs.size).toBe(1);
  });

  test("is replaced by other bytes only (IfChanged)", async () => {
    await using open = await openTestArchive({ options: { policy: overwriting("IfChanged") } });
    await open.archive.ingest(small.file, origin);
    expect(await open.archive.ingest(small.file, origin)).toMatchObject({ status: "AlreadyStored" });
    const changed = makeImage({ rows: 16, patientName: "Other^Name" });
    expect(await open.archive.ingest(changed.file, origin)).toMatchObject({ status: "Success" });
  });

  test("is stored once when it comes twenty times at once", async () => {
    await using open = await openTestArchive();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, at) => open.archive.ingest(inPieces(small.file, 500 + at), origin)),
    );
    const statuses = results.map(({ status }) => status);
    expect(statuses.filter((status) => status === "Success")).toHaveLength(1);
    expect(statuses.filter((status) => status === "AlreadyStored")).toHaveLength(19);
    expect(open.storage.blobs.size).toBe(1);
  });
});

function overwriting(overwrite: "Always" | "IfChanged") {
  return { overwrite, maximumStorageSize: 0, maximumPatientCount: 0, storageMode: "Recycle" } as const;
}

describe("who decides", () => {
  test.each([64 << 20, 0])("accept leaves the archive untouched (memory %i)", async (uploadMemory) => {
    await using open = await openTestArchive({ options: { uploadMemory } });
    const asked: string[] = [];
    const accept = ({ StudyInstanceUID }: { readonly StudyInstanceUID: string }) => {
      asked.push(StudyInstanceUID);
      return false;
    };
    expect(await open.archive.ingest(inPieces(small.file), origin, { accept })).toMatchObject({
      status: "FilteredOut",
      uids: small.uids,
    });
    expect(asked).toEqual([small.uids.StudyInstanceUID]);
    expect(open.storage.blobs.size).toBe(0);
  });

  test("filters are awaited, and not asked about what is there already", async () => {
    const asked: string[] = [];
    const filter = async ({ header }: { header: { dataset: { text(tag: number): string | undefined } } }) => {
      const modality = header.dataset.text(0x00080060) ?? "";
      asked.push(modality);
      return modality === "CT";
    };
    await using open = await openTestArchive({ filters: [filter] });
    await open.archive.ingest(small.file, origin);
    await open.archive.ingest(small.file, origin);
    const magnetic = makeImage({ rows: 16, modality: "MR" });
    expect(await open.archive.ingest(magnetic.file, origin)).toMatchObject({ status: "FilteredOut" });
    expect(asked).toEqual(["CT", "MR"]);
    expect(await open.catalog.statistics()).toMatchObject({ instances: 1 });
  });
});

describe("what is no instance", () => {
  const uids = [
    [0x00080018, "UI", "1.2.3"],
    [0x0020000d, "UI", "1.2.4"],
    [0x0020000e, "UI", "1.2.5"],
  ] as const;
  const header = fileHeader("1.2.840.10008.5.1.4.1.1.2", "1.2.3");

  test.each([
    { what: "nothing", bytes: Buffer.alloc(0), error: "BadFileFormat" },
    { what: "text", bytes: Buffer.from("this is no DICOM file at all"), error: "BadFileFormat" },
    { what: "a file cut short in its pixel data", bytes: small.file.subarray(0, -10), error: "BadFileFormat" },
    {
      what: "a file without StudyInstanceUID",
      bytes: Buffer.concat([header, dataset(uids.filter(([tag]) => tag !== 0x0020000d))]),
      error: "InexistentTag",
    },
    {
      what: "a file with an empty SOPInstanceUID",
      bytes: Buffer.concat([header, dataset([[0x00080018, "UI", ""], ...uids.slice(1)])]),
      error: "BadFileFormat",
    },
  ])("$what: $error", async ({ bytes, error }) => {
    await using open = await openTestArchive();
    await expect(open.archive.ingest(bytes, origin)).rejects.toMatchObject({ errorName: error });
    await expect(open.archive.ingest(inPieces(bytes, 7), origin)).rejects.toMatchObject({ errorName: error });
    expect(open.storage.blobs.size).toBe(0);
  });

  test("an absent PatientID is the empty one", async () => {
    await using open = await openTestArchive();
    const { identifiers } = await open.archive.ingest(Buffer.concat([header, dataset(uids)]), origin);
    expect(identifiers.Patient.replaceAll("-", "")).toBe(createHash("sha1").update("").digest("hex"));
  });
});
