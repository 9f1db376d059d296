import type { Codec, EncodedFrame, EncodeOptions } from "../codec.ts";
import { ybrToRgb } from "../colour.ts";
import { copiedMemory } from "../codec-messages.ts";
import type { NativeFrame } from "../frame.ts";
import { encodeExtended } from "./jpeg-12/encode-extended.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg-header.ts";
import { decodeNatively, encodeNatively } from "./native-codecs.ts";
import { notTaken } from "./not-taken.ts";
import { checkStream, fitSamples, lowBytes, significantBits, wordBits } from "./samples.ts";

const extended = "1.2.840.10008.1.2.4.51";
/** SOF3: lossless, Huffman. */
const losslessMarker = 0xc3;

/** JPEG by IJG's library (ITU-T T.81): it decodes the sequential, progressive and lossless processes, and encodes the first of them. */
export const jpeg: Codec = {
  decode(frame, shape) {
    const header = readJpegHeader(frame);
    const { rows, columns, components, precision } = header;
    const stream = { rows, columns, precision, samplesPerPixel: components.length, signed: false };
    checkStream(stream, shape);
    const image = { ...stream, bitsAllocated: wordBits(precision), bitsStored: precision, isRgb: false };
    return withoutTransform(fitSamples(decodeNatively("DecodeJpeg", image, frame), stream, shape), header);
  },
  encode(frame, options) {
    return options.lossy ? encodeLossy(frame, options) : encodeLossless(frame);
  },
};

/** Undoes the colour transform of lossy JPEG. The code stream knows better than PhotometricInterpretation whether there is one. */
function withoutTransform(frame: NativeFrame, { marker, components, jfif, adobeTransform }: JpegHeader): NativeFrame {
  if (components.length !== 3 || marker === losslessMarker) return frame;
  const { shape } = frame;
  const isTransformed =
    adobeTransform === undefined ? jfif || shape.photometricInterpretation.startsWith("YBR") : adobeTransform !== 0;
  return isTransformed ? ybrToRgb(frame) : { ...frame, shape: { ...shape, photometricInterpretation: "RGB" } };
}

/** Selection value 1 in both syntaxes: other values compress a little better, and have met broken decoders. */
function encodeLossless(frame: NativeFrame): EncodedFrame {
  const { shape, bytes } = frame;
  const { bitsAllocated, signed, samplesPerPixel } = shape;
  if ((bitsAllocated !== 8 && bitsAllocated !== 16) || samplesPerPixel === 2) throw notTaken("JPEG", shape);
  // The code stream has no sign: all bits of a negative number must go into it to come out again.
  const bits = signed ? bitsAllocated : significantBits(frame);
  const image = { ...shape, bitsAllocated: wordBits(bits), bitsStored: bits, isRgb: false };
  return { shape, bytes: encodeNatively("EncodeJpeg", image, bytes, { lossy: false, predictor: 1 }) };
}

function encodeLossy(frame: NativeFrame, options: EncodeOptions): EncodedFrame {
  const isExtended = options.transferSyntaxUID === extended && frame.shape.bitsAllocated === 16;
  return isExtended ? encodeTwelveBits(frame, options) : encodeBaseline(frame, options);
}

/** JPEG Extended has 12 bits for a sample; one sample, since colour of that kind does not occur. */
function encodeTwelveBits(frame: NativeFrame, { quality }: EncodeOptions): EncodedFrame {
  const { shape, bytes } = frame;
  const { rows, columns, samplesPerPixel, signed, photometricInterpretation } = shape;
  if (samplesPerPixel !== 1 || signed || photometricInterpretation === "PALETTE COLOR" || significantBits(frame) > 12) {
    throw notTaken("JPEG Extended", shape);
  }
  const samples = new Uint16Array(copiedMemory(bytes));
  return {
    shape: { ...shape, bitsStored: 12, highBit: 11 },
    bytes: encodeExtended({ rows, columns, samples }, quality),
  };
}

/** Baseline, which JPEG Extended includes; three samples become YBR_FULL_422 (PS3.5 Table 8.2.1-1). */
function encodeBaseline({ shape: given, bytes }: NativeFrame, { quality }: EncodeOptions): EncodedFrame {
  const { bitsAllocated, samplesPerPixel, signed, photometricInterpretation } = given;
  const samples = bitsAllocated === 8 ? bytes : bitsAllocated === 16 ? lowBytes(bytes) : undefined;
  const isColour = samplesPerPixel === 3;
  if (
    samples === undefined ||
    signed ||
    !(isColour || samplesPerPixel === 1) ||
    photometricInterpretation === "PALETTE COLOR"
  ) {
    throw notTaken("JPEG Baseline", given);
  }
  const shape = { ...given, bitsAllocated: 8, bitsStored: 8, highBit: 7 } as const;
  const native = { shape, bytes: samples };
  const rgb = isColour && photometricInterpretation.startsWith("YBR") ? ybrToRgb(native) : native;
  return {
    shape: { ...shape, ...(isColour ? { photometricInterpretation: "YBR_FULL_422" } : {}) },
    bytes: encodeNatively("EncodeJpeg", { ...shape, isRgb: isColour }, rgb.bytes, { lossy: true, quality }),
  };
}
