import { afterAll, describe, expect, it } from "vitest";
import { createTranscoding, type DecodedFrame, type TranscodedFile } from "../../src/archive/transcode.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { createCodecPool } from "../../src/pixels/codec-pool.ts";
import { hasTool } from "../debian-tool.ts";
import { fileArchive } from "./file-archive.ts";
import { imageOf, type ImageKind } from "./images.ts";
import { decodedByOpenJpeg, decodedByOther, hasOtherDecoder } from "./other-decoders.ts";

const root = "1.2.840.10008.1.2";
const explicit = `${root}.1`;
const PixelData = 0x7fe00010;

/** Images of all kinds, odd sizes among them. */
const kinds: Readonly<Record<string, ImageKind>> = {
  "8 bits": { rows: 33, columns: 47 },
  "12 bits, 3 frames": { rows: 64, columns: 48, frames: 3, bitsAllocated: 16, bitsStored: 12 },
  "16 bits": { rows: 40, columns: 31, bitsAllocated: 16 },
  "signed 16 bits": { rows: 32, columns: 32, bitsAllocated: 16, signed: true },
  "signed 12 bits": { rows: 32, columns: 32, bitsAllocated: 16, bitsStored: 12, signed: true },
  "8 bits in 16": { rows: 16, columns: 20, bitsAllocated: 16, bitsStored: 8 },
  "dirt above 12 bits": { rows: 16, columns: 18, bitsAllocated: 16, bitsStored: 12, dirty: true },
  RGB: { rows: 24, columns: 30, samplesPerPixel: 3 },
  "RGB by plane, 2 frames": { rows: 24, columns: 31, frames: 2, samplesPerPixel: 3, planarConfiguration: 1 },
  "RGB of 16 bits": { rows: 12, columns: 16, samplesPerPixel: 3, bitsAllocated: 16 },
  YBR_FULL: { rows: 16, columns: 16, samplesPerPixel: 3, photometricInterpretation: "YBR_FULL" },
  YBR_FULL_422: { rows: 16, columns: 16, samplesPerPixel: 3, photometricInterpretation: "YBR_FULL_422" },
  palette: { rows: 20, columns: 21, photometricInterpretation: "PALETTE COLOR" },
  "32 bits": { rows: 8, columns: 9, bitsAllocated: 32 },
  "1 bit, 3 frames": { rows: 5, columns: 7, frames: 3, bitsAllocated: 1 },
  "one pixel": { rows: 1, columns: 1 },
  "one row": { rows: 1, columns: 40, bitsAllocated: 16, bitsStored: 12 },
};

const all = Object.keys(kinds);
const except = (...left: readonly string[]): readonly string[] => all.filter((kind) => !left.includes(kind));

/** The kinds that each encoder takes, of those without loss and of those with it. */
const coders: Readonly<Record<string, readonly string[]>> = {
  [root]: all,
  [`${root}.1.98`]: all,
  [`${root}.1.99`]: all,
  [`${root}.2`]: all,
  [`${root}.4.57`]: except("32 bits", "1 bit, 3 frames"),
  [`${root}.4.70`]: except("32 bits", "1 bit, 3 frames"),
  [`${root}.4.80`]: except("32 bits", "1 bit, 3 frames"),
  [`${root}.4.90`]: except("32 bits", "1 bit, 3 frames", "RGB of 16 bits", "one pixel", "one row"),
  [`${root}.4.201`]: except("32 bits", "1 bit, 3 frames", "RGB of 16 bits"),
  [`${root}.4.202`]: except("32 bits", "1 bit, 3 frames", "RGB of 16 bits"),
  [`${root}.5`]: all,
  [`${root}.8.1`]: all,
};
const notLossy = ["palette", "32 bits", "1 bit, 3 frames"];
const baseline = ["8 bits", "8 bits in 16", "RGB", "RGB by plane, 2 frames", "YBR_FULL", "YBR_FULL_422", "one pixel"];
const lossyCoders: Readonly<Record<string, readonly string[]>> = {
  [`${root}.4.50`]: baseline,
  [`${root}.4.51`]: [...baseline, "12 bits, 3 frames", "one row"],
  [`${root}.4.81`]: except(...notLossy, "signed 16 bits", "signed 12 bits"),
  [`${root}.4.91`]: except(...notLossy, "RGB of 16 bits", "one pixel", "one row"),
  [`${root}.4.203`]: except(...notLossy, "RGB of 16 bits"),
};

/** Other programs are slow to start: they are given these. DCMTK cannot pack frames of single bits. */
const shown = [
  "12 bits, 3 frames",
  "signed 12 bits",
  "8 bits in 16",
  "dirt above 12 bits",
  "RGB by plane, 2 frames",
  "YBR_FULL",
  "palette",
];

const pairs = (encoders: Readonly<Record<string, readonly string[]>>): readonly (readonly [string, string])[] =>
  Object.entries(encoders).flatMap(([uid, names]) => names.map((name) => [uid, name] as const));

const pool = createCodecPool();
afterAll(() => pool.close());

async function transcoded(file: Buffer, uid: string, allowNewUid = true): Promise<Buffer> {
  const result: TranscodedFile = await createTranscoding({ archive: fileArchive(file), pool, lossyQuality: 90 })
    .transcodedFile("the file", { transferSyntaxes: [uid], allowNewUid })
    .then((one) => {
      if (one === undefined) throw new Error("there is no file");
      return one;
    });
  expect(result.transferSyntaxUID).toBe(uid);
  return Buffer.concat(await Array.fromAsync(result.stream));
}

async function decodedFrames(file: Buffer, frames = 1): Promise<readonly DecodedFrame[]> {
  const transcoding = createTranscoding({ archive: fileArchive(file), pool, lossyQuality: 90 });
  return await Promise.all(Array.from({ length: frames }, (_, frame) => transcoding.decodedFrame("the file", frame)));
}

/** The bytes of all frames. */
async function decoded(file: Buffer, frames = 1): Promise<Buffer> {
  return Buffer.concat((await decodedFrames(file, frames)).map(({ bytes }) => bytes));
}

function kindOf(name: string): ImageKind {
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

/** Fragments of pixel data, without the offset table. */
function fragments(file: Buffer): readonly Buffer[] {
  const found = parseDicom(file).dataset.get(PixelData)?.fragments?.slice(1) ?? [];
  return found.map(({ value }) => value ?? Buffer.alloc(0));
}

/** Samples by plane become samples by pixel. */
function byPixel(planes: Buffer, samples: number, size: number): Buffer {
  const pixels = planes.length / samples / size;
  const at = (index: number): Buffer => {
    const from = ((index % samples) * pixels + Math.floor(index / samples)) * size;
    return planes.subarray(from, from + size);
  };
  return Buffer.concat(Array.from({ length: pixels * samples }, (_, index) => at(index)));
}

async function expectSame(file: Buffer, other: Buffer, kind: ImageKind): Promise<void> {
  expect((await decoded(file, kind.frames)).equals(await decoded(other, kind.frames))).toBe(true);
}

function numbersOf({ shape, bytes }: DecodedFrame): readonly number[] {
  const { buffer, byteOffset, length } = bytes;
  if (shape.bitsAllocated === 8) return [...bytes];
  return [
    ...(shape.signed
      ? new Int16Array(buffer, byteOffset, length / 2)
      : new Uint16Array(buffer, byteOffset, length / 2)),
  ];
}

/** How far the samples of two files are from each other on the average; 1 is the range of their values. */
async function difference(file: Buffer, other: Buffer, kind: ImageKind): Promise<number> {
  const { frames, bitsAllocated = 8, bitsStored = bitsAllocated } = kind;
  const ours = (await decodedFrames(file, frames)).flatMap(numbersOf);
  const theirs = (await decodedFrames(other, frames)).flatMap(numbersOf);
  const sum = ours.reduce((total, sample, at) => total + Math.abs(sample - (theirs[at] ?? Infinity)), 0);
  return sum / ours.length / 2 ** bitsStored;
}

describe("encoding without loss", () => {
  it.each(pairs(coders))("%s: %s", async (uid, name) => {
    const kind = kindOf(name);
    const { file, SOPInstanceUID } = imageOf(kind);
    const encoded = await transcoded(file, uid, false);
    expect(parseDicom(encoded).transferSyntaxUID).toBe(uid);
    expect(parseDicom(encoded).dataset.text(0x00080018)).toBe(SOPInstanceUID);
    await expectSame(encoded, file, kind);
    await expectSame(await transcoded(encoded, explicit, false), file, kind);
    if (shown.includes(name) && hasOtherDecoder(uid)) await expectSame(await decodedByOther(encoded, uid), file, kind);
  });

  it
    .skipIf(!hasTool("opj_decompress"))
    .each(pairs(coders).filter(([uid, name]) => uid.startsWith(`${root}.4.20`) && shown.includes(name)))(
    "%s: %s, as OpenJPEG decodes it",
    async (uid, name) => {
      const kind = kindOf(name);
      const { file } = imageOf(kind);
      const [first = Buffer.alloc(0)] = fragments(await transcoded(file, uid));
      const planes = await decodedByOpenJpeg(first);
      const size = (kind.bitsAllocated ?? 8) / 8;
      expect(byPixel(planes, kind.samplesPerPixel ?? 1, size).equals(await decoded(file))).toBe(true);
    },
  );
});

describe("encoding with loss", () => {
  it.each(pairs(lossyCoders))("%s: %s", async (uid, name) => {
    const kind = kindOf(name);
    const { file, SOPInstanceUID } = imageOf(kind);
    const encoded = await transcoded(file, uid);
    const { dataset, transferSyntaxUID } = parseDicom(encoded);
    expect(transferSyntaxUID).toBe(uid);
    expect(dataset.text(0x00080018)).not.toBe(SOPInstanceUID);
    await expect(transcoded(file, uid, false)).rejects.toThrow("loses information");
    // Colours change their form, and dirt is no part of the range.
    if (!/^(YBR|dirt)/.test(name)) expect(await difference(encoded, file, kind)).toBeLessThan(0.06);
    if (shown.includes(name) && hasOtherDecoder(uid)) {
      await expectSame(await decodedByOther(encoded, uid), encoded, kind);
    }
  });
});
