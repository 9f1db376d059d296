import { ServerError } from "../../util/errors.ts";
import type { Codec } from "../codec.ts";
import { decodedColour, encodedColour, jpeg2000Codestream, readJpeg2000Header } from "./jpeg-2000-header.ts";
import { decodeNatively, encodeNatively } from "./native-codecs.ts";
import { notTaken } from "./not-taken.ts";
import { checkStream, fitSamples, significantBits, wordBits } from "./samples.ts";

/** JPEG 2000 by OpenJPEG (ITU-T T.800). */
export const jpeg2000: Codec = {
  decode(frame, shape) {
    const codestream = jpeg2000Codestream(frame);
    const header = readJpeg2000Header(codestream);
    checkStream(header, shape);
    const { precision, samplesPerPixel, uniform } = header;
    if (!uniform || !isKnown(samplesPerPixel, precision)) {
      throw new ServerError(
        "NotImplemented",
        `JPEG 2000 frames of ${samplesPerPixel} components with ${precision} bits${uniform ? "" : " and others"} cannot be decoded`,
      );
    }
    const image = { ...header, bitsAllocated: wordBits(precision), bitsStored: precision, isRgb: false };
    return fitSamples(decodeNatively("DecodeJpeg2000", image, codestream), header, decodedColour(shape, header));
  },
  encode(frame, { lossy, quality }) {
    const { shape, bytes } = frame;
    const { samplesPerPixel, bitsAllocated, signed, photometricInterpretation } = shape;
    const bits = significantBits(frame);
    // The module reads bytes as unsigned, and cannot wavelet-transform a single row or column.
    const isTaken = bitsAllocated === 8 ? !signed : bitsAllocated === 16;
    const isLine = Math.min(shape.rows, shape.columns) === 1;
    if (
      !isTaken ||
      isLine ||
      !isKnown(samplesPerPixel, bits) ||
      (lossy && photometricInterpretation === "PALETTE COLOR")
    ) {
      throw notTaken("JPEG 2000", shape);
    }
    const isRgb = photometricInterpretation === "RGB";
    const image = { ...shape, bitsAllocated: wordBits(bits), bitsStored: bits, isRgb };
    // A frame becomes so many times smaller: 5 at quality 90.
    const rate = lossy ? Math.max(1, (100 - quality) / 2) : 1;
    return {
      shape: encodedColour(shape, lossy),
      bytes: encodeNatively("EncodeJpeg2000", image, bytes, { lossy, rate }),
    };
  },
};

/** The module has colour in bytes only. */
function isKnown(samplesPerPixel: number, precision: number): boolean {
  return samplesPerPixel === 1 || (samplesPerPixel === 3 && precision <= 8);
}
