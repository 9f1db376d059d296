import { ServerError } from "../../util/errors.ts";
import type { Codec } from "../codec.ts";
import type { FrameShape } from "../frame.ts";
import { decodePackBits, encodePackBits } from "./pack-bits.ts";

const headerLength = 64;
const mostSegments = 15;

/** RLE Lossless (PS3.5 Annex G): a segment for each byte of each sample, the most significant byte first. */
export const rle: Codec = {
  decode(frame, shape) {
    const { segments, bytes, length } = layout(shape);
    if (frame.length < headerLength) throw bad(`${frame.length} bytes, expected a header of ${headerLength}`);
    const count = frame.readUInt32LE(0);
    if (count !== segments) throw bad(`${count} segments, expected ${segments}`);
    const decoded = Buffer.alloc(length * segments);
    for (let segment = 0; segment < segments; segment++) {
      const start = frame.readUInt32LE(4 + segment * 4);
      const end = segment + 1 < segments ? frame.readUInt32LE(8 + segment * 4) : frame.length;
      if (start < headerLength || start > end || end > frame.length)
        throw bad(`segment ${segment} is not in the frame`);
      const first = byteOfSegment(segment, bytes);
      decodePackBits(frame.subarray(start, end), decoded, { first, step: segments, count: length });
    }
    return { bytes: decoded, shape: { ...shape, planarConfiguration: 0 } };
  },
  encode({ shape, bytes: samples }) {
    const { segments, bytes, length, rowLength } = layout(shape);
    if (segments > mostSegments) {
      throw new ServerError("NotImplemented", `RLE has at most ${mostSegments} segments, the image needs ${segments}`);
    }
    const header = Buffer.alloc(headerLength);
    header.writeUInt32LE(segments, 0);
    const parts: Buffer[] = [header];
    let position = headerLength;
    const plane = Buffer.allocUnsafe(length);
    for (let segment = 0; segment < segments; segment++) {
      const first = byteOfSegment(segment, bytes);
      for (let at = 0, from = first; at < length; at++, from += segments) plane[at] = samples[from] ?? 0;
      const packed = encodePackBits(plane, rowLength);
      header.writeUInt32LE(position, 4 + segment * 4);
      position += packed.length;
      parts.push(packed);
    }
    return { bytes: Buffer.concat(parts, position), shape };
  },
};

/** Where, in a pixel, the bytes of a segment stand: samples are in little endian. */
function byteOfSegment(segment: number, bytes: number): number {
  const significance = segment % bytes;
  return segment - significance + (bytes - 1 - significance);
}

/** Segments of a frame, bytes of a sample, and bytes of a segment and of a row of it. Pixels of one bit stay packed, in one segment. */
function layout(shape: FrameShape): {
  readonly segments: number;
  readonly bytes: number;
  readonly length: number;
  readonly rowLength: number;
} {
  const { rows, columns, samplesPerPixel, bitsAllocated } = shape;
  if (bitsAllocated === 1) {
    const length = Math.ceil((rows * columns * samplesPerPixel) / 8);
    return { segments: 1, bytes: 1, length, rowLength: length };
  }
  const bytes = bitsAllocated / 8;
  return { segments: samplesPerPixel * bytes, bytes, length: rows * columns, rowLength: columns };
}

function bad(problem: string): ServerError {
  return new ServerError("BadFileFormat", `PixelData: RLE frame: ${problem}`);
}
