import type { Codec } from "../codec.ts";
import { decodeNatively } from "./native-codecs.ts";
import { notTaken } from "./not-taken.ts";
import { fitSamples, wordBits } from "./samples.ts";

/** JPEG XL by libjxl (ISO/IEC 18181-1): decoding only. Colour always comes out as RGB. */
export const jpegXl: Codec = {
  decode(frame, shape) {
    const { rows, columns, samplesPerPixel, bitsAllocated } = shape;
    if (bitsAllocated !== 8 && bitsAllocated !== 16) throw notTaken("JPEG XL", shape);
    const stream = { rows, columns, samplesPerPixel, precision: bitsAllocated, signed: false };
    const image = { ...stream, bitsAllocated: wordBits(bitsAllocated), bitsStored: bitsAllocated, isRgb: false };
    const colour = samplesPerPixel === 3 ? { photometricInterpretation: "RGB" } : {};
    return fitSamples(decodeNatively("DecodeJpegXl", image, frame), stream, { ...shape, ...colour });
  },
};
