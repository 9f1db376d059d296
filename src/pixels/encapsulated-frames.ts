import type { Dataset, Fragment } from "../dicom/dataset.ts";
import type { ByteRange } from "../util/byte-range.ts";
import { ServerError } from "../util/errors.ts";

const ExtendedOffsetTable = 0x7fe00001;
const ExtendedOffsetTableLengths = 0x7fe00002;

export interface EncapsulatedPixels {
  readonly dataset: Dataset;
  /** Item 0 is the Basic Offset Table. */
  readonly fragments: readonly Fragment[];
  readonly numberOfFrames: number;
  /** Bytes of the file. */
  readonly read: (range: ByteRange) => Promise<Buffer>;
}

/**
 * The pieces of the file that each frame consists of, by the first of these that applies: one frame; one fragment for each; the
 * Extended Offset Table; the Basic Offset Table (PS3.5 §A.4, PS3.3 §C.7.6.3.1.8); fragments that begin a JPEG stream.
 * @throws ServerError BadFileFormat when none of them tells
 */
export async function encapsulatedFrames(pixels: EncapsulatedPixels): Promise<readonly (readonly ByteRange[])[]> {
  const { fragments, numberOfFrames } = pixels;
  const data = fragments.slice(1);
  if (numberOfFrames === 1) return [data.map(rangeOf)];
  if (data.length === numberOfFrames) return data.map((fragment) => [rangeOf(fragment)]);
  const extended = extendedOffsetTable(pixels, data);
  if (extended !== undefined) return extended;
  const starts = (await basicOffsetTable(pixels, data)) ?? (await streamStarts(pixels, data));
  if (starts === undefined) {
    throw new ServerError(
      "BadFileFormat",
      `PixelData has ${data.length} fragments for ${numberOfFrames} frames and no usable offset table`,
    );
  }
  return starts.map((start, frame) => data.slice(start, starts[frame + 1]).map(rangeOf));
}

function rangeOf({ offset, length }: Fragment): ByteRange {
  return { start: offset, end: offset + length };
}

function extendedOffsetTable(
  { dataset, numberOfFrames }: EncapsulatedPixels,
  data: readonly Fragment[],
): readonly (readonly ByteRange[])[] | undefined {
  const offsets = dataset.get(ExtendedOffsetTable)?.value;
  const lengths = dataset.get(ExtendedOffsetTableLengths)?.value;
  const base = data[0]?.offset;
  if (offsets?.length !== numberOfFrames * 8 || lengths?.length !== numberOfFrames * 8 || base === undefined) {
    return undefined;
  }
  const end = Math.max(...data.map(({ offset, length }) => offset + length));
  const frames = Array.from({ length: numberOfFrames }, (_, frame) => {
    const start = base + Number(offsets.readBigUInt64LE(frame * 8));
    return { start, end: start + Number(lengths.readBigUInt64LE(frame * 8)) };
  });
  return frames.every((range) => range.end <= end) ? frames.map((range) => [range]) : undefined;
}

/** The number of the fragment that each frame begins with. */
async function basicOffsetTable(
  { fragments, numberOfFrames, read }: EncapsulatedPixels,
  data: readonly Fragment[],
): Promise<readonly number[] | undefined> {
  const [table] = fragments;
  const base = data[0]?.offset;
  if (table?.length !== numberOfFrames * 4 || base === undefined) return undefined;
  const offsets = table.value ?? (await read(rangeOf(table)));
  const byOffset = new Map(data.map(({ offset }, index) => [offset - base, index]));
  const starts = Array.from({ length: numberOfFrames }, (_, frame) => byOffset.get(offsets.readUInt32LE(frame * 4)));
  return starts.every((start) => start !== undefined) ? starts : undefined;
}

/** Start Of Image of JPEG and JPEG-LS, Start Of Codestream of JPEG 2000. */
const streamMarkers: ReadonlySet<number> = new Set([0xffd8, 0xff4f]);

async function streamStarts(
  { numberOfFrames, read }: EncapsulatedPixels,
  data: readonly Fragment[],
): Promise<readonly number[] | undefined> {
  const starts: number[] = [];
  for (const [index, { offset, length }] of data.entries()) {
    const marker = length < 2 ? undefined : await read({ start: offset, end: offset + 2 });
    if (marker?.length === 2 && streamMarkers.has(marker.readUInt16BE())) starts.push(index);
  }
  return starts.length === numberOfFrames && starts[0] === 0 ? starts : undefined;
}
