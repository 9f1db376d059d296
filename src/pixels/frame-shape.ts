import type { Dataset } from "../dicom/dataset.ts";
import { ServerError } from "../util/errors.ts";
import type { FrameShape } from "./frame.ts";

export const imageTags = {
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  PlanarConfiguration: 0x00280006,
  NumberOfFrames: 0x00280008,
  Rows: 0x00280010,
  Columns: 0x00280011,
  BitsAllocated: 0x00280100,
  BitsStored: 0x00280101,
  HighBit: 0x00280102,
  PixelRepresentation: 0x00280103,
  FloatPixelData: 0x7fe00008,
  DoubleFloatPixelData: 0x7fe00009,
  PixelData: 0x7fe00010,
} as const;

const allocations: readonly number[] = [1, 8, 16, 32, 64];
/** Bytes of the largest frame that is decoded: it must fit into memory several times. */
const largestFrame = 2 ** 30;

/** NumberOfFrames; 1 when absent. */
export function numberOfFrames(dataset: Dataset): number {
  return Math.max(1, dataset.number(imageTags.NumberOfFrames) ?? 1);
}

/** What the attributes of an image say of its frames. Throws `BadFileFormat` when they are missing or make no sense. */
export function frameShape(dataset: Dataset): FrameShape {
  const number = (tag: number): number | undefined => dataset.number(tag);
  const samplesPerPixel = number(imageTags.SamplesPerPixel) ?? 1;
  const bitsAllocated = number(imageTags.BitsAllocated) ?? floatBits(dataset) ?? 0;
  const bitsStored = number(imageTags.BitsStored) ?? bitsAllocated;
  const shape: FrameShape = {
    rows: number(imageTags.Rows) ?? 0,
    columns: number(imageTags.Columns) ?? 0,
    samplesPerPixel,
    bitsAllocated,
    bitsStored: Math.min(bitsStored, bitsAllocated),
    highBit: number(imageTags.HighBit) ?? bitsStored - 1,
    signed: number(imageTags.PixelRepresentation) === 1,
    float: floatBits(dataset) !== undefined,
    photometricInterpretation:
      dataset.text(imageTags.PhotometricInterpretation)?.trim() ?? (samplesPerPixel === 3 ? "RGB" : "MONOCHROME2"),
    planarConfiguration: samplesPerPixel > 1 && number(imageTags.PlanarConfiguration) === 1 ? 1 : 0,
  };
  if (!(shape.rows > 0 && shape.columns > 0 && samplesPerPixel > 0 && bitsAllocated > 0)) {
    throw new ServerError("BadFileFormat", `the image has frames of ${sizeText(shape)}`);
  }
  return shape;
}

/** Throws `NotImplemented` for frames too large for the memory, and of samples that no current image has. */
export function checkDecodable(shape: FrameShape): void {
  const { rows, columns, samplesPerPixel, bitsAllocated } = shape;
  const isKnown = allocations.includes(bitsAllocated) && samplesPerPixel <= 4;
  if (!isKnown || (rows * columns * samplesPerPixel * bitsAllocated) / 8 > largestFrame) {
    throw new ServerError("NotImplemented", `frames of ${sizeText(shape)} cannot be decoded`);
  }
}

function sizeText({ rows, columns, samplesPerPixel, bitsAllocated }: FrameShape): string {
  return `${rows} × ${columns} × ${samplesPerPixel} samples of ${bitsAllocated} bits`;
}

function floatBits(dataset: Dataset): 32 | 64 | undefined {
  if (dataset.has(imageTags.FloatPixelData)) return 32;
  return dataset.has(imageTags.DoubleFloatPixelData) ? 64 : undefined;
}
