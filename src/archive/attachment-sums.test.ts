import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openTestArchive } from "../../test/archive/test-archive.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import type { Attachment } from "../catalog/catalog.ts";
import { kindOf } from "./checksum.ts";
import { isIntact, md5Sums } from "./attachment-sums.ts";

const image = makeImage({ rows: 16 });
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** The stored image, with what reads its file. */
async function stored(options: NonNullable<Parameters<typeof openTestArchive>[0]>["options"] = {}) {
  const open = await openTestArchive({ options });
  const { identifiers } = await open.archive.ingest(image.file, { kind: "RestApi" });
  const file = await open.archive.open(identifiers.Instance, 1);
  const raw = await open.archive.openRaw(identifiers.Instance, 1);
  if (file === undefined || raw === undefined) throw new Error("not stored");
  const bytes = Buffer.concat(await Array.fromAsync(raw.stream));
  return { ...open, attachment: file.attachment, bytes, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

function reading(bytes: Buffer) {
  return {
    async *read(_: unknown, range = { start: 0, end: bytes.length }) {
      yield bytes.subarray(range.start, range.end);
    },
  };
}

const damaged = (bytes: Buffer) => Buffer.from(bytes).fill(0xff, bytes.length - 5, bytes.length - 4);

describe("a file that was summed by its CRC-32", () => {
  test("has its MD5 when somebody asks", async () => {
    await using open = await stored();
    expect(kindOf(open.attachment.compressedChecksum)).toBe("CRC-32");
    expect(await open.archive.md5(open.attachment)).toEqual({
      uncompressed: md5(image.file),
      compressed: md5(image.file),
    });
    expect(await open.archive.isIntact(open.attachment)).toBe(true);
  });

  test("and is compressed has both", async () => {
    await using open = await stored({ storageCompression: true });
    expect(await open.archive.md5(open.attachment)).toEqual({
      uncompressed: md5(image.file),
      compressed: md5(open.bytes),
    });
    expect(await open.archive.isIntact(open.attachment)).toBe(true);
  });

  test("and was damaged has none", async () => {
    await using open = await stored();
    const storage = reading(damaged(open.bytes));
    expect(await isIntact(storage, open.attachment)).toBe(false);
    await expect(md5Sums(storage, open.attachment)).rejects.toThrow("expected " + open.attachment.compressedChecksum);
  });
});

test("IfChanged needs the MD5, and damage shows as well", async () => {
  const policy = {
    overwrite: "IfChanged",
    maximumStorageSize: 0,
    maximumPatientCount: 0,
    storageMode: "Recycle",
  } as const;
  await using open = await stored({ policy });
  expect(open.attachment.uncompressedChecksum).toBe(md5(image.file));
  expect(await isIntact(reading(open.bytes), open.attachment)).toBe(true);
  expect(await isIntact(reading(damaged(open.bytes)), open.attachment)).toBe(false);
});

test("without StoreMD5ForAttachments nothing is known", async () => {
  await using open = await stored({ storeMD5: false });
  const attachment: Attachment = open.attachment;
  expect([
    attachment.compressedChecksum,
    await open.archive.md5(attachment),
    await open.archive.isIntact(attachment),
  ]).toEqual(["", { uncompressed: "", compressed: "" }, false]);
});
