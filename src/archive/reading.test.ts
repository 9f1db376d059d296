import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { dataset, fileHeader, type Elements } from "../../test/phantoms/explicit-writer.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import type { Origin } from "./archive.ts";

const origin: Origin = { kind: "RestApi" };
const image = makeImage({ rows: 64 });
const PixelData = 0x7fe00010;

async function bytesOf(stream: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream ?? []));
}

async function* text(value: string): AsyncGenerator<Buffer> {
  yield Buffer.from(value);
}

async function store({ archive }: TestArchive, file: Buffer): Promise<string> {
  return (await archive.ingest(file, origin)).identifiers.Instance;
}

describe.each([
  { how: "as it is", storageCompression: false, uploadMemory: 64 << 20 },
  { how: "compressed", storageCompression: true, uploadMemory: 64 << 20 },
  { how: "compressed, streamed", storageCompression: true, uploadMemory: 0 },
])("a file stored $how", ({ storageCompression, uploadMemory }) => {
  const options = { storageCompression, uploadMemory };

  test("is read whole and in ranges", async () => {
    await using open = await openTestArchive({ options });
    async function* pieces(): AsyncGenerator<Buffer> {
      yield image.file.subarray(0, 5000);
      yield image.file.subarray(5000);
    }
    const { identifiers } = await open.archive.ingest(pieces(), origin);
    const whole = await open.archive.open(identifiers.Instance, 1);
    expect((await bytesOf(whole?.stream)).equals(image.file)).toBe(true);
    const range = { start: 100, end: 5100 };
    const part = await open.archive.open(identifiers.Instance, 1, range);
    expect(part?.size).toBe(5000);
    expect((await bytesOf(part?.stream)).equals(image.file.subarray(100, 5100))).toBe(true);
    expect(open.storage.blobs.size).toBe(1);
  });

  test("gives its header, and the whole dataset with what follows", async () => {
    await using open = await openTestArchive({ options });
    const id = await store(open, image.file);
    const header = await open.archive.header(id);
    expect(header?.dataset.text(0x00100020)).toBe(image.uids.PatientID);
    expect(header?.dataset.has(PixelData)).toBe(false);
    expect(header?.pixelDataOffset).toBe(image.file.length - image.pixels.length - 12);
    const pixels = (await open.archive.dataset(id))?.dataset.get(PixelData);
    expect(pixels?.length).toBe(image.pixels.length);
    const { offset = 0, length = 0 } = pixels ?? {};
    const value = await bytesOf(open.archive.readValue(id, { start: offset, end: offset + length }));
    expect(value.equals(image.pixels)).toBe(true);
  });

  test("changes its compression in place", async () => {
    await using open = await openTestArchive({ options });
    const id = await store(open, image.file);
    expect(await open.archive.setCompression(id, 1, !storageCompression)).toBe(true);
    const raw = await open.archive.openRaw(id, 1);
    expect(raw?.attachment.compression).toBe(storageCompression ? 1 : 2);
    const stored = await bytesOf(raw?.stream);
    expect(stored.length).toBe(raw?.attachment.compressedSize);
    if (!storageCompression) expect(stored.readBigUInt64LE(0)).toBe(BigInt(image.file.length));
    expect((await bytesOf((await open.archive.open(id, 1))?.stream)).equals(image.file)).toBe(true);
    expect(open.storage.blobs.size).toBe(1);
  });
});

test("a range beyond the file is refused", async () => {
  await using open = await openTestArchive();
  const id = await store(open, image.file);
  const range = { start: 10, end: image.file.length + 1 };
  await expect(open.archive.open(id, 1, range)).rejects.toMatchObject({ errorName: "BadRange" });
});

test("of what is unknown there is nothing", async () => {
  await using open = await openTestArchive();
  const id = await store(open, image.file);
  expect(await open.archive.open("unknown", 1)).toBeUndefined();
  expect(await open.archive.open(id, 1024)).toBeUndefined();
  expect(await open.archive.header("unknown")).toBeUndefined();
  expect(await open.archive.setCompression(id, 1024, true)).toBe(false);
});

test("values of a deflated file are read by their offsets in the inflated dataset", async () => {
  await using open = await openTestArchive();
  const text = Buffer.from("some text. ".repeat(10_000), "latin1");
  const elements: Elements = [
    [0x00080018, "UI", "1.2.3"],
    [0x0020000d, "UI", "1.2.4"],
    [0x0020000e, "UI", "1.2.5"],
    [0x00420011, "OB", text],
  ];
  const head = fileHeader("1.2.840.10008.5.1.4.1.1.104.1", "1.2.3", "1.2.840.10008.1.2.1.99");
  const id = await store(open, Buffer.concat([head, deflateRawSync(dataset(elements))]));
  const element = (await open.archive.dataset(id))?.dataset.get(0x00420011);
  expect(element?.value).toBeUndefined();
  const { offset = 0, length = 0 } = element ?? {};
  const value = await bytesOf(open.archive.readValue(id, { start: offset + 11, end: offset + length }));
  expect(value.equals(text.subarray(11))).toBe(true);
});

describe("removal", () => {
  test("takes the header and the blob away, and tells of all that went", async () => {
    await using open = await openTestArchive();
    const id = await store(open, image.file);
    await open.archive.header(id);
    const removed = await open.archive.remove(id, "Instance");
    expect(removed?.remainingAncestor).toBeNull();
    expect(await open.archive.header(id)).toBeUndefined();
    expect(open.storage.blobs.size).toBe(0);
    const deleted = open.events.filter(({ type }) => type === "Deleted");
    expect(deleted).toHaveLength(4);
  });

  test("of what is unknown, or of another level, does nothing", async () => {
    await using open = await openTestArchive();
    const id = await store(open, image.file);
    expect(await open.archive.remove("unknown")).toBeUndefined();
    expect(await open.archive.remove(id, "Study")).toBeUndefined();
    expect(open.storage.blobs.size).toBe(1);
  });
});

describe("a user's attachment", () => {
  test("is written, replaced and removed, with its blob", async () => {
    await using open = await openTestArchive();
    const id = await store(open, image.file);
    expect(await open.archive.attach(id, 1024, text("first"))).toMatchObject({ status: "Success", revision: 0 });
    expect(await open.archive.attach(id, 1024, text("second"), 0)).toMatchObject({ status: "Success", revision: 1 });
    const attachment = await open.archive.open(id, 1024);
    expect((await bytesOf(attachment?.stream)).toString()).toBe("second");
    expect(open.storage.blobs.size).toBe(2);
    expect(open.events.at(-1)).toMatchObject({ type: "Change", change: "UpdatedAttachment" });
    expect(await open.archive.detach(id, 1024)).toMatchObject({ status: "Success" });
    expect(open.storage.blobs.size).toBe(1);
  });

  test("is not written over a revision that was not seen", async () => {
    await using open = await openTestArchive();
    const id = await store(open, image.file);
    await open.archive.attach(id, 1024, text("first"));
    expect(await open.archive.attach(id, 1024, text("second"), 7)).toMatchObject({ status: "Revision", revision: 0 });
    expect(open.storage.blobs.size).toBe(2);
    expect(await open.archive.attach("unknown", 1024, text("third"))).toEqual({ status: "UnknownResource" });
    expect(open.storage.blobs.size).toBe(2);
  });
});

test("spooled bytes are there as long as they are used", async () => {
  await using open = await openTestArchive();
  const part = await open.archive.spool(text("some bytes"), async (spooled) => {
    expect(spooled.size).toBe(10);
    expect(open.storage.blobs.size).toBe(1);
    return bytesOf(spooled.read({ start: 5, end: 10 }));
  });
  expect(part.toString()).toBe("bytes");
  expect(open.storage.blobs.size).toBe(0);
  const failing = open.archive.spool(text("some bytes"), () => Promise.reject(new Error("not usable")));
  await expect(failing).rejects.toThrow("not usable");
  expect(open.storage.blobs.size).toBe(0);
});
