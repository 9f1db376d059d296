import openJph from "@cornerstonejs/codec-openjph/wasmjs";
import { ServerError } from "../../util/errors.ts";
import type { Codec } from "../codec.ts";
import type { FrameShape } from "../frame.ts";
import {
  decodedColour,
  encodedColour,
  jpeg2000Codestream,
  readJpeg2000Header,
  type Jpeg2000Header,
} from "./jpeg-2000-header.ts";
import { notTaken } from "./not-taken.ts";
import { checkStream, fitSamples, wordBits } from "./samples.ts";

/** Progression order RPCL of the encoder; PS3.5 §A.4.9 asks for it in .202, and it serves the others. */
const progressionOrder = 2;

const { HTJ2KDecoder, HTJ2KEncoder } = await openJph();

/** High-throughput JPEG 2000 by OpenJPH (ITU-T T.814). */
export const htJpeg2000: Codec = {
  decode(frame, shape) {
    const codestream = jpeg2000Codestream(frame);
    const header = readJpeg2000Header(codestream);
    checkStream(header, shape);
    if (!header.uniform)
      throw new ServerError("NotImplemented", "HTJ2K frames of different components cannot be decoded");
    const decoder = new HTJ2KDecoder();
    try {
      decoder.getEncodedBuffer(codestream.length).set(codestream);
      decoder.decode();
      const decoded = Buffer.from(decoder.getDecodedBuffer());
      const samples = hasLinesByComponent(header) ? linesInOrder(decoded, header, "byPixel") : decoded;
      return fitSamples(samples, header, decodedColour(shape, header));
    } finally {
      decoder.delete();
    }
  },
  encode({ shape, bytes }, { lossy, quality }) {
    if (!isTaken(shape, lossy)) throw notTaken("HTJ2K", shape);
    const { rows, columns, samplesPerPixel, bitsAllocated, signed, photometricInterpretation } = shape;
    const layout = { ...shape, precision: bitsAllocated, colourTransform: photometricInterpretation === "RGB" };
    const encoder = new HTJ2KEncoder();
    try {
      encoder.setQuality(!lossy, quantizationStep(quality, bitsAllocated));
      encoder.setProgressionOrder(progressionOrder);
      encoder.setDecompositions(decompositions(rows, columns));
      encoder.setTLMMarker(true);
      encoder.setTilePartDivisionsAtResolutions(true);
      const samples = encoder.getDecodedBuffer({
        width: columns,
        height: rows,
        // The encoder takes whole bytes only.
        bitsPerSample: bitsAllocated,
        componentCount: samplesPerPixel,
        isSigned: signed,
        isUsingColorTransform: layout.colourTransform,
      });
      const ordered = hasLinesByComponent(layout) ? linesInOrder(bytes, layout, "byComponent") : bytes;
      samples.set(ordered.subarray(0, samples.length));
      encoder.encode();
      return { shape: encodedColour(shape, lossy), bytes: Buffer.from(encoder.getEncodedBuffer()) };
    } finally {
      encoder.delete();
    }
  },
};

/** The encoder has colour in bytes only, and reads bytes as unsigned. */
function isTaken(shape: FrameShape, lossy: boolean): boolean {
  const { samplesPerPixel, bitsAllocated, signed, photometricInterpretation } = shape;
  if (lossy && photometricInterpretation === "PALETTE COLOR") return false;
  return samplesPerPixel === 1
    ? bitsAllocated === 16 || (bitsAllocated === 8 && !signed)
    : bitsAllocated === 8 && !signed;
}

/** As many as leave an image of at most 64 × 64 pixels, as PS3.5 §A.4.9 asks in .202. */
function decompositions(rows: number, columns: number): number {
  let levels = 1;
  while (levels < 6 && Math.max(rows, columns) / 2 ** levels > 64) levels++;
  return levels;
}

/** Of a range of 1; at quality 90 two steps of the samples, the error that JPEG-LS is allowed then. */
function quantizationStep(quality: number, bits: number): number {
  return Math.max(1, (100 - quality) / 5) / 2 ** bits;
}

/** What the order of lines depends on. */
type LineLayout = Pick<Jpeg2000Header, "rows" | "columns" | "samplesPerPixel" | "precision" | "colourTransform">;

/**
 * Without colour transform OpenJPH deals with one component after the other, but the module around it goes from line to line of
 * the image, and so takes the lines for others.
 */
function hasLinesByComponent({ samplesPerPixel, colourTransform }: LineLayout): boolean {
  return samplesPerPixel > 1 && !colourTransform;
}

/** Puts the lines where they belong: from where the module takes them for encoding, or puts them in decoding. */
function linesInOrder(samples: Buffer, layout: LineLayout, order: "byPixel" | "byComponent"): Buffer {
  const { rows, columns, samplesPerPixel, precision } = layout;
  const size = wordBits(precision) / 8;
  const ordered = Buffer.allocUnsafeSlow(samples.length);
  const copyLine = (from: number, to: number): void => {
    for (let column = 0; column < columns; column++) {
      const step = column * samplesPerPixel * size;
      samples.copy(ordered, to + step, from + step, from + step + size);
    }
  };
  const placeOf = (row: number, component: number): number => (row * columns * samplesPerPixel + component) * size;
  for (let component = 0; component < samplesPerPixel; component++) {
    for (let row = 0; row < rows; row++) {
      const line = component * rows + row;
      const own = placeOf(row, component);
      const module = placeOf(Math.floor(line / samplesPerPixel), line % samplesPerPixel);
      if (order === "byPixel") copyLine(module, own);
      else copyLine(own, module);
    }
  }
  return ordered;
}
