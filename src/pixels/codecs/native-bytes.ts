import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ServerError } from "../../util/errors.ts";
import type { Codec } from "../codec.ts";
import { type FrameShape, nativeFrameBits } from "../frame.ts";

/** Encapsulated Uncompressed (PS3.5 §A.4.11): the frame itself. */
export const encapsulatedUncompressed: Codec = {
  decode: (frame, shape) => ({ shape, bytes: wholeFrame(frame, shape) }),
  encode: (frame) => frame,
};

/** Deflated Image Frame Compression: each frame is a deflate stream (RFC 1951) of its own. */
export const deflatedImageFrame: Codec = {
  decode(frame, shape) {
    // A byte more than the frame has: padding to even length.
    const maxOutputLength = frameLength(shape) + 1;
    return { shape, bytes: wholeFrame(inflateRawSync(frame, { maxOutputLength }), shape) };
  },
  encode: ({ shape, bytes }) => ({ shape, bytes: deflateRawSync(bytes) }),
};

function frameLength(shape: FrameShape): number {
  return Math.ceil(nativeFrameBits(shape) / 8);
}

function wholeFrame(bytes: Buffer, shape: FrameShape): Buffer {
  const length = frameLength(shape);
  if (bytes.length >= length) return bytes.subarray(0, length);
  throw new ServerError("BadFileFormat", `PixelData: a frame has ${bytes.length} bytes, expected ${length}`);
}
