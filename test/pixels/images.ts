import type { Elements } from "../phantoms/explicit-writer.ts";
import { makeImage } from "../phantoms/study.ts";

/** What distinguishes an image from a MONOCHROME2 one of 8 bits. */
export interface ImageKind {
  readonly rows: number;
  readonly columns: number;
  readonly frames?: number;
  readonly bitsAllocated?: 1 | 8 | 16 | 32;
  readonly bitsStored?: number;
  readonly signed?: boolean;
  readonly samplesPerPixel?: 1 | 3;
  readonly photometricInterpretation?: string;
  readonly planarConfiguration?: 0 | 1;
  /** Set bits above the stored ones. */
  readonly dirty?: boolean;
}

/** An image as a file in Explicit VR Little Endian, and its native pixel data without padding. */
export interface Image {
  readonly file: Buffer;
  readonly pixels: Buffer;
  readonly SOPInstanceUID: string;
}

/** Slopes, and a row of noise in every four, the same in each run: the bytes of all frames. */
function pattern(kind: Required<ImageKind>): Buffer {
  const { rows, columns, frames, bitsAllocated, bitsStored, signed, dirty } = kind;
  const samples = kind.photometricInterpretation === "YBR_FULL_422" ? 2 : kind.samplesPerPixel;
  const count = rows * columns * frames * samples;
  if (bitsAllocated === 1) return Buffer.from(Array.from({ length: Math.ceil(count / 8) }, (_, at) => at * 37));
  const range = 2 ** bitsStored;
  let noise = 1;
  const value = (at: number): number => {
    noise = (noise * 1103515245 + 12345) % 2 ** 31;
    const pixel = Math.floor(at / samples);
    const slope = (pixel % columns) * Math.floor(range / columns) + (at % samples) * 11 + (noise % 5);
    const number = (Math.floor(pixel / columns) % 4 === 3 ? noise : slope) % range;
    return number - (signed ? range / 2 : 0) + (dirty && at % 9 === 0 ? range : 0);
  };
  const numbers = Array.from({ length: count }, (_, at) => value(at));
  const words = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array }[bitsAllocated];
  return Buffer.from(words.from(numbers).buffer);
}

const palette = Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 7) & 0xff));

/** Makes an image of a kind, with private attributes, an icon and an element after the pixel data, that must stay as they are. */
export function imageOf(given: ImageKind): Image {
  const bitsAllocated = given.bitsAllocated ?? 8;
  const kind: Required<ImageKind> = {
    frames: 1,
    bitsAllocated,
    bitsStored: bitsAllocated,
    signed: false,
    samplesPerPixel: 1,
    photometricInterpretation: given.samplesPerPixel === 3 ? "RGB" : "MONOCHROME2",
    planarConfiguration: 0,
    dirty: false,
    ...given,
  };
  const pixels = pattern(kind);
  const attributes: Elements = [
    [0x00280002, "US", kind.samplesPerPixel],
    [0x00280004, "CS", kind.photometricInterpretation],
    ...(kind.samplesPerPixel === 3 ? ([[0x00280006, "US", kind.planarConfiguration]] as const) : []),
    [0x00280008, "IS", String(kind.frames)],
    [0x00280010, "US", kind.rows],
    [0x00280011, "US", kind.columns],
    [0x00280100, "US", kind.bitsAllocated],
    [0x00280101, "US", kind.bitsStored],
    [0x00280102, "US", kind.bitsStored - 1],
    [0x00280103, "US", Number(kind.signed)],
    ...(kind.photometricInterpretation === "PALETTE COLOR" ? lookupTables() : []),
    [0x00880200, "SQ", [icon]],
    [0x00990010, "LO", "GREYHAVEN TEST"],
    [0x00991001, "UN", Buffer.from([1, 2, 3, 4])],
    [0x7fe00010, kind.bitsAllocated > 8 ? "OW" : "OB", pixels],
    [0xfffcfffc, "OB", Buffer.from("trailing")],
  ];
  const { file, uids } = makeImage({ rows: 8, attributes });
  return { file, pixels, SOPInstanceUID: uids.SOPInstanceUID };
}

function lookupTables(): Elements {
  const descriptors = [0x00281101, 0x00281102, 0x00281103].map((tag) => [tag, "US", [256, 0, 16]] as const);
  const tables = [0x00281201, 0x00281202, 0x00281203].map((tag) => [tag, "OW", palette] as const);
  return [...descriptors, ...tables];
}

const icon: Elements = [
  [0x00280002, "US", 1],
  [0x00280004, "CS", "MONOCHROME2"],
  [0x00280010, "US", 2],
  [0x00280011, "US", 2],
  [0x00280100, "US", 8],
  [0x00280101, "US", 8],
  [0x00280102, "US", 7],
  [0x00280103, "US", 0],
  [0x7fe00010, "OB", Buffer.from([10, 20, 30, 40])],
];
