import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import { fakeRequest, statusesOf } from "../../test/scp/fake-request.ts";
import { datasetBytes } from "../dicom/dataset-bytes.ts";
import { parseDicom } from "../dicom/parse.ts";
import { AssociationError } from "../dimse/association.ts";
import { ServerError } from "../util/errors.ts";
import { noLog } from "../util/log.ts";
import { storeHandler } from "./store.ts";

const image = makeImage({ seed: 1, rows: 64 });
const { SOPClassUID, SOPInstanceUID } = image.uids;
const command = { AffectedSOPClassUID: SOPClassUID, AffectedSOPInstanceUID: SOPInstanceUID };
const dataset = Buffer.concat(await Array.fromAsync(datasetBytes(inPieces(image.file))));

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
}

let open: TestArchive;
beforeEach(async () => {
  open = await openTestArchive();
});
afterEach(() => open[Symbol.asyncDispose]());

function handler(archive: Parameters<typeof storeHandler>[0]["archive"] = open.archive) {
  return storeHandler({ archive, sopClasses: { has: (uid) => uid === SOPClassUID }, readOnly: false, log: noLog });
}

const requestFor = (bytes: Buffer, more = {}) =>
  fakeRequest({ abstractSyntax: SOPClassUID, command: { ...command, ...more }, dataset: inPieces(bytes) });

describe("C-STORE", () => {
  test("stores the dataset as it came, behind file meta information", async () => {
    expect(await statusesOf(handler(), requestFor(dataset))).toEqual([0x0000]);
    const [found] = await open.catalog.find({ level: "Instance", include: { metadata: true } });
    const stored = await open.archive.open(found?.publicId ?? "", 1);
    const file = Buffer.concat(await Array.fromAsync(stored?.stream ?? []));
    const { meta, datasetOffset } = parseDicom(file);
    expect(file.subarray(datasetOffset).equals(dataset)).toBe(true);
    expect(meta.text(0x00020002)).toBe(SOPClassUID);
    expect(meta.text(0x00020003)).toBe(SOPInstanceUID);
    expect(meta.text(0x00020010)).toBe("1.2.840.10008.1.2.1");
    expect(meta.text(0x00020016)).toBe("REMOTE");
    // RemoteAET, Origin, RemoteIP, CalledAET
    expect(found?.metadata).toMatchObject({ 3: "REMOTE", 8: "DicomProtocol", 11: "192.0.2.1", 12: "GREYHAVEN" });
  });

  test("of what is stored already succeeds", async () => {
    await statusesOf(handler(), requestFor(dataset));
    expect(await statusesOf(handler(), requestFor(dataset))).toEqual([0x0000]);
  });

  test.each([
    { what: "SOP instance", more: { AffectedSOPInstanceUID: "1.2.3" } },
    { what: "SOP instance, by no more than its end", more: { AffectedSOPInstanceUID: `${SOPInstanceUID}.1` } },
  ])("of another $what than the command says is refused: 0xA900", async ({ more }) => {
    expect(await statusesOf(handler(), requestFor(dataset, more))).toEqual([0xa900]);
    expect((await open.catalog.statistics()).instances).toBe(0);
  });

  test("of another SOP class than the command says is refused: 0xA900", async () => {
    const mr = "1.2.840.10008.5.1.4.1.1.4";
    const handle = storeHandler({
      archive: open.archive,
      sopClasses: { has: () => true },
      readOnly: false,
      log: noLog,
    });
    expect(await statusesOf(handle, requestFor(dataset, { AffectedSOPClassUID: mr }))).toEqual([0xa900]);
  });

  test("of a SOP class that is not taken is refused: 0x0122", async () => {
    expect(await statusesOf(handler(), requestFor(dataset, { AffectedSOPClassUID: "1.2.3" }))).toEqual([0x0122]);
  });

  test("into an archive that is only read is refused: 0x0124", async () => {
    const handle = storeHandler({ archive: open.archive, sopClasses: { has: () => true }, readOnly: true, log: noLog });
    expect(await statusesOf(handle, requestFor(dataset))).toEqual([0x0124]);
  });

  test.each([
    { what: "is cut short", bytes: dataset.subarray(0, dataset.length - 100) },
    { what: "is none", bytes: Buffer.from("this is no dataset at all") },
    { what: "lacks its identifiers", bytes: dataset.subarray(0, 30) },
  ])("of a dataset that $what cannot be understood: 0xC000", async ({ bytes }) => {
    expect(await statusesOf(handler(), requestFor(bytes))).toEqual([0xc000]);
  });

  test("without a dataset cannot be understood: 0xC000", async () => {
    expect(await statusesOf(handler(), fakeRequest({ command }))).toEqual([0xc000]);
  });

  test("into a full storage is refused: 0xA700", async () => {
    const rejecting = await openTestArchive({
      options: { policy: { overwrite: "Never", maximumStorageSize: 1, maximumPatientCount: 0, storageMode: "Reject" } },
    });
    expect(await statusesOf(handler(rejecting.archive), requestFor(dataset))).toEqual([0xa700]);
    await rejecting[Symbol.asyncDispose]();
  });

  test("onto a full disk is refused: 0xA700", async () => {
    const full = { ingest: () => Promise.reject(new ServerError("FullStorage", "no space left")) };
    expect(await statusesOf(handler(full), requestFor(dataset))).toEqual([0xa700]);
  });

  test("is not answered when the association ends", async () => {
    const broken = (async function* () {
      yield dataset.subarray(0, 4096);
      throw new AssociationError("aborted", "the peer aborted");
    })();
    await expect(statusesOf(handler(), fakeRequest({ command, dataset: broken }))).rejects.toThrow("the peer aborted");
    expect((await open.catalog.statistics()).instances).toBe(0);
    expect(open.storage.blobs.size).toBe(0);
  });

  test("succeeds only after the commit", async () => {
    const commit = Promise.withResolvers<void>();
    const slow = await openTestArchive({
      catalog: (catalog) => ({
        storeInstance: async (...values) => {
          await commit.promise;
          return catalog.storeInstance(...values);
        },
      }),
    });
    let isAnswered = false;
    const answered = statusesOf(handler(slow.archive), requestFor(dataset)).then((statuses) => {
      isAnswered = true;
      return statuses;
    });
    await expect.poll(() => slow.storage.written()).toBe(1);
    expect(isAnswered).toBe(false);
    commit.resolve();
    expect(await answered).toEqual([0x0000]);
    await slow[Symbol.asyncDispose]();
  });
});
