import { afterAll, describe, expect, it } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { dataset, fileHeader, type Elements } from "../../test/phantoms/explicit-writer.ts";
import { imageOf, type ImageKind } from "../../test/pixels/images.ts";
import type { Element } from "../dicom/dataset.ts";
import { parseDicom } from "../dicom/parse.ts";
import { createCodecPool } from "../pixels/codec-pool.ts";
import { createTranscoding, type TranscodedFile, type WantedEncoding } from "./transcode.ts";

const root = "1.2.840.10008.1.2";
const explicit = `${root}.1`;
const [rle, jpegLossless, jpegBaseline, jpegLs] = [`${root}.5`, `${root}.4.70`, `${root}.4.50`, `${root}.4.80`];
const PixelData = 0x7fe00010;

const always = {
  policy: { overwrite: "Always", maximumStorageSize: 0, maximumPatientCount: 0, storageMode: "Recycle" },
} as const;
const open = await openMemoryArchive(always);
const { archive } = open;
const transcoding = createTranscoding({ archive, pool: createCodecPool(), lossyQuality: 90 });
afterAll(async () => {
  await transcoding.close();
  await open.close();
});

const to = (...transferSyntaxes: readonly string[]): WantedEncoding => ({ transferSyntaxes, allowNewUid: true });

async function store(file: Buffer): Promise<string> {
  return (await archive.ingest(file, { kind: "RestApi" })).identifiers.Instance;
}

async function bytesOf(file: TranscodedFile | undefined): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(file?.stream ?? []));
}

function text({ value, items }: Element): string {
  const inner = items?.map((item) => [...item].map((element) => `${element.tag}=${text(element)}`).join());
  return inner?.join(";") ?? value?.toString("hex") ?? "";
}

/** The values of a dataset by tag, but for some. */
function values(file: Buffer, except: readonly number[] = []): ReadonlyMap<number, string> {
  const elements = [...parseDicom(file).dataset].filter(({ tag }) => !except.includes(tag));
  return new Map(elements.map((element) => [element.tag, text(element)]));
}

const ct: ImageKind = { rows: 32, columns: 24, frames: 3, bitsAllocated: 16, bitsStored: 12 };

describe("a stored instance in another transfer syntax", () => {
  it("is as it is stored when that is wanted, whatever else is", async () => {
    const { file, SOPInstanceUID } = imageOf(ct);
    const instance = await store(file);
    const result = await transcoding.transcodedFile(instance, to(rle, explicit));
    expect(result).toMatchObject({ transferSyntaxUID: explicit, SOPInstanceUID, size: file.length });
    expect(await bytesOf(result)).toEqual(file);
  });

  it("is undefined when it is not there", async () => {
    expect(await transcoding.transcodedFile("nobody", to(rle))).toBeUndefined();
  });

  it.each([rle, jpegLossless, jpegLs, `${root}.4.90`, `${root}.4.201`, root, `${root}.2`, `${root}.1.99`])(
    "%s and back keeps every value",
    async (uid) => {
      const { file } = imageOf(ct);
      const encoded = await bytesOf(
        await transcoding.transcodedFile(await store(file), { ...to(uid), allowNewUid: false }),
      );
      expect(parseDicom(encoded).transferSyntaxUID).toBe(uid);
      const back = await bytesOf(await transcoding.transcodedFile(await store(encoded), to(explicit)));
      expect(values(back)).toEqual(values(file));
    },
  );

  it("has a fragment for each frame and an empty offset table, and keeps what is no pixel data bit for bit", async () => {
    const { file } = imageOf(ct);
    const encoded = await bytesOf(await transcoding.transcodedFile(await store(file), to(rle)));
    const fragments = parseDicom(encoded).dataset.get(PixelData)?.fragments ?? [];
    expect(fragments).toHaveLength(4);
    expect([fragments[0]?.length, fragments.every(({ length }) => length % 2 === 0)]).toEqual([0, true]);
    expect(values(encoded, [PixelData])).toEqual(values(file, [PixelData]));
    const trailing = file.subarray(file.lastIndexOf("trailing") - 12);
    expect(encoded.subarray(-trailing.length)).toEqual(trailing);
  });

  it("after lossy compression is another instance that tells of it (PS3.3 §C.7.6.1.1.5)", async () => {
    const { file, SOPInstanceUID } = imageOf({ rows: 16, columns: 16, samplesPerPixel: 3, planarConfiguration: 1 });
    const result = await transcoding.transcodedFile(await store(file), to(jpegBaseline));
    const { dataset, meta } = parseDicom(await bytesOf(result));
    const uid = dataset.text(0x00080018);
    expect(uid).not.toBe(SOPInstanceUID);
    expect([result?.SOPInstanceUID, meta.text(0x00020003)]).toEqual([uid, uid]);
    expect(dataset.strings(0x00080008)).toEqual(["DERIVED", "SECONDARY", "AXIAL"]);
    expect(dataset.text(0x00282110)).toBe("01");
    expect(dataset.text(0x00282114)).toBe("ISO_10918_1");
    expect(dataset.number(0x00282112)).toBeGreaterThan(1);
    expect(dataset.text(0x00280004)).toBe("YBR_FULL_422");
    expect(dataset.number(0x00280006)).toBe(0);
    const [source] = dataset.items(0x00082112);
    expect(source?.text(0x00081155)).toBe(SOPInstanceUID);
    expect(source?.items(0x0040a170)[0]?.text(0x00080100)).toBe("121320");
    expect(dataset.items(0x00089215)[0]?.text(0x00080100)).toBe("113040");
    const lossy = await bytesOf(await transcoding.transcodeBytes(file, to(jpegBaseline)));
    const native = parseDicom(await bytesOf(await transcoding.transcodeBytes(lossy, to(explicit))));
    expect(native.dataset.text(0x00280004)).toBe("RGB");
    expect(native.dataset.text(0x00282110)).toBe("01");
  });

  it("takes the first transfer syntax that is possible", async () => {
    const { file } = imageOf(ct);
    const wanted = {
      transferSyntaxes: ["1.2.3", `${root}.4.100`, jpegBaseline, `${root}.4.91`, jpegLs],
      allowNewUid: false,
    };
    expect((await transcoding.transcodedFile(await store(file), wanted))?.transferSyntaxUID).toBe(jpegLs);
  });

  it("is refused with all reasons when none is", async () => {
    const wanted = { transferSyntaxes: ["1.2.3", `${root}.4.100`, jpegBaseline], allowNewUid: false };
    const refused = transcoding.transcodedFile(await store(imageOf(ct).file), wanted);
    await expect(refused).rejects.toMatchObject({ errorName: "NotImplemented" });
    await expect(refused).rejects.toThrow(/1\.2\.3 \(unknown\); .*MPEG2.*; JPEG Baseline .* loses information/);
  });
});

/** A file with a transfer syntax of its own. */
function fileOf(transferSyntaxUID: string, elements: Elements): Buffer {
  const uids: Elements = [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7"],
    [0x00080018, "UI", "1.2.3.4"],
  ];
  const head = fileHeader("1.2.840.10008.5.1.4.1.1.7", "1.2.3.4");
  const meta = parseDicom(Buffer.concat([head, dataset(uids)])).meta.get(0x00020010);
  if (meta?.value === undefined) throw new Error("no transfer syntax");
  const padded = Buffer.from(transferSyntaxUID.padEnd(Math.ceil(transferSyntaxUID.length / 2) * 2, "\0"), "latin1");
  const start = meta.offset - 8;
  const element = Buffer.concat([head.subarray(start, start + 6), Buffer.of(padded.length, 0), padded]);
  const group = Buffer.concat([head.subarray(144, start), element, head.subarray(meta.offset + meta.length)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([head.subarray(0, 140), length, group, dataset([...uids, ...elements])]);
}

describe("a file", () => {
  it.each([`${root}.4.102`, `${root}.6.1`, `${root}.4.94`])("in %s is never transcoded", async (uid) => {
    const file = fileOf(uid, [[0x00100010, "PN", "A^B"]]);
    expect(parseDicom(file).transferSyntaxUID).toBe(uid);
    await expect(transcoding.transcodeBytes(file, to(explicit))).rejects.toThrow("are not transcoded");
  });

  it("without pixel data can have any transfer syntax, without loss", async () => {
    const file = fileOf(explicit, [[0x00100010, "PN", "A^B"]]);
    const result = await transcoding.transcodeBytes(file, { transferSyntaxes: [jpegBaseline], allowNewUid: false });
    expect(result).toMatchObject({ transferSyntaxUID: jpegBaseline, SOPInstanceUID: "1.2.3.4" });
    expect(values(await bytesOf(result))).toEqual(values(file));
  });

  it("with float pixel data is not compressed, but written natively", async () => {
    const file = fileOf(explicit, [
      [0x00280010, "US", 1],
      [0x00280011, "US", 2],
      [0x7fe00008, "OF", Buffer.from(Float32Array.of(1.5, -2).buffer)],
    ]);
    await expect(transcoding.transcodeBytes(file, to(rle))).rejects.toThrow("float pixel data");
    const big = parseDicom(await bytesOf(await transcoding.transcodeBytes(file, to(`${root}.2`))));
    expect(big.dataset.get(0x7fe00008)?.value?.readFloatBE(4)).toBe(-2);
  });

  it("that is none is refused", async () => {
    await expect(transcoding.transcodeBytes(Buffer.from("nothing"), to(rle))).rejects.toMatchObject({
      errorName: "BadFileFormat",
    });
  });

  it("whose second frame is broken fails on the way", async () => {
    const { file } = imageOf(ct);
    const encoded = await bytesOf(await transcoding.transcodeBytes(file, to(rle)));
    const second = parseDicom(encoded).dataset.get(PixelData)?.fragments?.[2];
    encoded.writeUInt32LE(99, second?.offset ?? 0);
    const result = await transcoding.transcodeBytes(encoded, to(explicit));
    await expect(bytesOf(result)).rejects.toThrow("99 segments");
  });

  it("with an offset table of its own loses that", async () => {
    const extended = Buffer.alloc(24);
    const { file } = imageOf(ct);
    const encoded = await bytesOf(await transcoding.transcodeBytes(file, to(rle)));
    const at = encoded.lastIndexOf(Buffer.from("e07f1000", "hex"));
    const table = dataset([
      [0x7fe00001, "OV", extended],
      [0x7fe00002, "OV", extended],
    ]);
    const withTable = Buffer.concat([encoded.subarray(0, at), table, encoded.subarray(at)]);
    const native = parseDicom(await bytesOf(await transcoding.transcodeBytes(withTable, to(explicit))));
    expect([native.dataset.has(0x7fe00001), native.dataset.has(0x7fe00002)]).toEqual([false, false]);
    expect(native.dataset.get(PixelData)?.value?.equals(imageOf(ct).pixels)).toBe(true);
  });
});

describe("a decoded frame of a stored instance", () => {
  it.each([explicit, rle, jpegLs, `${root}.1.99`])("in %s", async (uid) => {
    const { file, pixels } = imageOf(ct);
    const instance = await store(await bytesOf(await transcoding.transcodeBytes(file, to(uid))));
    for (const frame of [2, 0]) {
      const { shape, bytes } = await transcoding.decodedFrame(instance, frame);
      expect(shape).toMatchObject({ rows: 32, columns: 24, bitsAllocated: 16, bitsStored: 12, signed: false });
      expect(bytes.equals(pixels.subarray(frame * 32 * 24 * 2, (frame + 1) * 32 * 24 * 2))).toBe(true);
    }
    await expect(transcoding.decodedFrame(instance, 3)).rejects.toMatchObject({ errorName: "ParameterOutOfRange" });
  });

  it("is that of the new file when the instance was overwritten", async () => {
    const [before, after] = [imageOf({ rows: 8, columns: 8 }), imageOf({ rows: 4, columns: 4 })];
    const instance = await store(before.file);
    expect((await transcoding.decodedFrame(instance, 0)).bytes).toHaveLength(64);
    expect(await store(after.file)).toBe(instance);
    expect((await transcoding.decodedFrame(instance, 0)).bytes).toHaveLength(16);
  });

  it("is missed where there is none", async () => {
    await expect(transcoding.decodedFrame("nobody", 0)).rejects.toMatchObject({ errorName: "UnknownResource" });
  });
});
