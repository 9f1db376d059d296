import { afterAll, describe, expect, it } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { dataset, fileHeader } from "../../test/phantoms/explicit-writer.ts";
import { makeLargeInstance } from "../../test/phantoms/large-instance.ts";
import { imageOf } from "../../test/pixels/images.ts";
import { parseDicom } from "../dicom/parse.ts";
import { createCodecPool } from "../pixels/codec-pool.ts";
import type { Log } from "../util/log.ts";
import { noLog } from "../util/log.ts";
import type { IngestResult } from "./archive.ts";
import { createIngestTranscoding, type IngestTranscodingOptions } from "./ingest-transcoding.ts";
import { metadataNumbers } from "./metadata-numbers.ts";
import { createTranscoding } from "./transcode.ts";

const root = "1.2.840.10008.1.2";
const explicit = `${root}.1`;
const [rle, jpegBaseline, jpegLossless] = [`${root}.5`, `${root}.4.50`, `${root}.4.70`];
const origin = { kind: "RestApi" } as const;

const pool = createCodecPool();
afterAll(() => pool.close());

function transcodingTo(transferSyntaxUID: string, more: Partial<IngestTranscodingOptions> = {}) {
  const defaults = { ofUncompressed: true, ofCompressed: true, lossyQuality: 90, log: noLog };
  return { ingestTranscoding: createIngestTranscoding({ pool, transferSyntaxUID, ...defaults, ...more }) };
}

async function fileOf({ archive }: TestArchive, { identifiers }: IngestResult): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync((await archive.open(identifiers.Instance, 1))?.stream ?? []));
}

/** The same image in another transfer syntax. */
async function inSyntax(file: Buffer, transferSyntaxUID: string): Promise<Buffer> {
  await using open = await openTestArchive();
  const transcoding = createTranscoding({ archive: open.archive, pool, lossyQuality: 90 });
  const { stream } = await transcoding.transcodeBytes(file, {
    transferSyntaxes: [transferSyntaxUID],
    allowNewUid: true,
  });
  return Buffer.concat(await Array.fromAsync(stream));
}

const ct = imageOf({ rows: 32, columns: 24, frames: 3, bitsAllocated: 16, bitsStored: 12 });

describe("an instance that comes in", () => {
  it("is stored in the transfer syntax of IngestTranscoding", async () => {
    await using open = await openTestArchive(transcodingTo(rle));
    const result = await open.archive.ingest(ct.file, origin);
    expect(result).toMatchObject({ status: "Success", uids: { SOPInstanceUID: ct.SOPInstanceUID } });
    const file = await fileOf(open, result);
    expect(parseDicom(file).transferSyntaxUID).toBe(rle);
    const native = parseDicom(await inSyntax(file, explicit));
    expect(native.dataset.get(0x7fe00010)?.value?.equals(ct.pixels)).toBe(true);
    const [found] = await open.catalog.find({ level: "Instance", include: { metadata: true } });
    expect(found?.metadata?.[metadataNumbers.TransferSyntax]).toBe(rle);
    expect(open.storage.blobs.size).toBe(1);
  });

  it("becomes another instance when information is lost", async () => {
    await using open = await openTestArchive(transcodingTo(jpegBaseline));
    const grey = imageOf({ rows: 16, columns: 16 });
    const result = await open.archive.ingest(grey.file, origin);
    expect(result.uids.SOPInstanceUID).not.toBe(grey.SOPInstanceUID);
    expect(parseDicom(await fileOf(open, result)).dataset.text(0x00080018)).toBe(result.uids.SOPInstanceUID);
  });

  it.each([
    ["uncompressed, and only compressed ones are meant", { ofUncompressed: false }, explicit, explicit],
    ["uncompressed, and only these are meant", { ofCompressed: false }, explicit, rle],
    ["compressed, and only uncompressed ones are meant", { ofCompressed: false }, jpegLossless, jpegLossless],
    ["compressed, and only these are meant", { ofUncompressed: false }, jpegLossless, rle],
    ["deflated, which counts as compressed", { ofCompressed: false }, `${root}.1.99`, `${root}.1.99`],
  ])("is %s", async (_, options, from, stored) => {
    await using open = await openTestArchive(transcodingTo(rle, options));
    const result = await open.archive.ingest(await inSyntax(ct.file, from), origin);
    expect(parseDicom(await fileOf(open, result)).transferSyntaxUID).toBe(stored);
  });

  it("is stored as it came, and this is logged, when it cannot be transcoded", async () => {
    const warnings: string[] = [];
    const log: Log = { ...noLog, warn: (text) => warnings.push(text) };
    await using open = await openTestArchive(transcodingTo(jpegBaseline, { log }));
    const result = await open.archive.ingest(ct.file, origin);
    expect(await fileOf(open, result)).toEqual(ct.file);
    expect(warnings).toEqual([expect.stringContaining("JPEG Baseline does not take")]);
  });

  it("is stored as it came when a later frame turns out to be broken", async () => {
    const broken = await inSyntax(ct.file, rle);
    const second = parseDicom(broken).dataset.get(0x7fe00010)?.fragments?.[2];
    broken.writeUInt32LE(99, second?.offset ?? 0);
    await using open = await openTestArchive(transcodingTo(explicit));
    const result = await open.archive.ingest(broken, origin);
    expect(result.status).toBe("Success");
    expect(await fileOf(open, result)).toEqual(broken);
    expect(open.storage.blobs.size).toBe(1);
  });

  it.each([
    ["is not given an encoding of pixels", rle, explicit],
    ["is given another encoding of its attributes", `${root}.2`, `${root}.2`],
  ])("without pixel data %s", async (_, target, stored) => {
    await using open = await openTestArchive(transcodingTo(target));
    const pixelless = Buffer.concat([
      fileHeader("1.2.840.10008.5.1.4.1.1.88.11", "1.2.3"),
      dataset([
        [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.11"],
        [0x00080018, "UI", "1.2.3"],
        [0x0020000d, "UI", "1.2.4"],
        [0x0020000e, "UI", "1.2.5"],
      ]),
    ]);
    const result = await open.archive.ingest(pixelless, origin);
    expect(parseDicom(await fileOf(open, result)).transferSyntaxUID).toBe(stored);
  });

  it("is asked about once, with its own UIDs, and leaves no trace when it is not wanted", async () => {
    await using open = await openTestArchive(transcodingTo(jpegBaseline));
    const grey = imageOf({ rows: 16, columns: 16 });
    const asked: string[] = [];
    const accept = ({ SOPInstanceUID }: { readonly SOPInstanceUID: string }) => asked.push(SOPInstanceUID) < 0;
    expect(await open.archive.ingest(grey.file, origin, { accept })).toMatchObject({ status: "FilteredOut" });
    expect([asked, open.storage.written()]).toEqual([[grey.SOPInstanceUID], 0]);
  });

  it("is not transcoded again when it is stored already", async () => {
    await using open = await openTestArchive(transcodingTo(rle));
    await open.archive.ingest(ct.file, origin);
    expect(await open.archive.ingest(ct.file, origin)).toMatchObject({ status: "AlreadyStored" });
    expect(open.storage.written()).toBe(1);
  });

  it("keeps its transfer syntax when that was chosen for it", async () => {
    await using open = await openTestArchive(transcodingTo(rle));
    const result = await open.archive.ingest(ct.file, origin, { keepTransferSyntax: true });
    expect(await fileOf(open, result)).toEqual(ct.file);
  });
});

describe("a large instance that comes in", () => {
  const large = makeLargeInstance(3 << 20);

  it("is transcoded from the storage, which keeps nothing else of it", async () => {
    await using open = await openTestArchive(transcodingTo(rle));
    const result = await open.archive.ingest(large.stream(), origin);
    const parsed = parseDicom(await fileOf(open, result));
    expect(parsed.transferSyntaxUID).toBe(rle);
    expect(parsed.dataset.get(0x7fe00010)?.fragments).toHaveLength(13);
    expect([open.storage.written(), open.storage.blobs.size]).toEqual([2, 1]);
  });

  it("passes through when its transfer syntax is not concerned", async () => {
    await using open = await openTestArchive(transcodingTo(rle, { ofUncompressed: false }));
    const result = await open.archive.ingest(large.stream(), origin);
    expect((await fileOf(open, result)).length).toBe(large.size);
    expect(open.storage.written()).toBe(1);
  });

  it("is refused when it is broken, as without transcoding", async () => {
    await using open = await openTestArchive(transcodingTo(rle));
    const whole = Buffer.concat(await Array.fromAsync(large.stream()));
    async function* cut() {
      yield whole.subarray(0, 2 << 20);
    }
    await expect(open.archive.ingest(cut(), origin)).rejects.toMatchObject({ errorName: "BadFileFormat" });
    expect(open.storage.blobs.size).toBe(0);
  });
});

it("IngestTranscoding must be a transfer syntax", () => {
  expect(() => transcodingTo("1.2.3")).toThrow(expect.objectContaining({ errorName: "ParameterOutOfRange" }));
});
