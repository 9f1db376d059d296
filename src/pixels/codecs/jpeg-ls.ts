import charLs from "@cornerstonejs/codec-charls/wasmjs";
import { interleaved } from "../by-pixel.ts";
import type { Codec } from "../codec.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { notTaken } from "./not-taken.ts";
import { checkStream, fitSamples, significantBits, wordBits } from "./samples.ts";

/** Interleave modes (ITU-T T.87 §C.2.3): by plane, and by line, which both mean that the bytes come by pixel or by plane here. */
const interleaveModes = { none: 0, line: 1 };
const fewestBits = 2;

const { JpegLSDecoder, JpegLSEncoder } = await charLs();

/** JPEG-LS by CharLS (ITU-T T.87). */
export const jpegLs: Codec = {
  decode(frame, shape) {
    const { rows, columns, components, precision } = readJpegHeader(frame);
    const stream = { rows, columns, precision, samplesPerPixel: components.length, signed: false };
    checkStream(stream, shape);
    const decoder = new JpegLSDecoder();
    try {
      decoder.getEncodedBuffer(frame.length).set(frame);
      decoder.decode();
      const samples = Buffer.from(decoder.getDecodedBuffer());
      const isByPlane = components.length > 1 && decoder.getInterleaveMode() === interleaveModes.none;
      const byPixel = isByPlane ? interleaved(samples, components.length, wordBits(precision) / 8) : samples;
      return fitSamples(byPixel, stream, shape);
    } finally {
      decoder.delete();
    }
  },
  encode(frame, { lossy, quality }) {
    const { shape, bytes } = frame;
    const { rows, columns, samplesPerPixel, bitsAllocated, signed, photometricInterpretation } = shape;
    const isTaken = (bitsAllocated === 8 || bitsAllocated === 16) && samplesPerPixel !== 2;
    if (!isTaken || (lossy && (signed || photometricInterpretation === "PALETTE COLOR")))
      throw notTaken("JPEG-LS", shape);
    // The code stream has no sign: all bits of a negative number must go into it to come out again.
    const bits = signed ? bitsAllocated : Math.max(fewestBits, significantBits(frame));
    const encoder = new JpegLSEncoder();
    try {
      encoder.setNearLossless(lossy ? allowedError(quality) : 0);
      encoder.setInterleaveMode(samplesPerPixel === 1 ? interleaveModes.none : interleaveModes.line);
      const target = encoder.getDecodedBuffer({
        width: columns,
        height: rows,
        bitsPerSample: bits,
        componentCount: samplesPerPixel,
      });
      target.set(bytes.subarray(0, target.length));
      encoder.encode();
      return { shape, bytes: Buffer.from(encoder.getEncodedBuffer()) };
    } finally {
      encoder.delete();
    }
  },
};

/** NEAR: 2 at quality 90, which is what DCMTK and Orthanc use. */
function allowedError(quality: number): number {
  return Math.max(1, Math.round((100 - quality) / 5));
}
