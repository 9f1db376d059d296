import { ServerError } from "../../util/errors.ts";
import type { FrameShape } from "../frame.ts";
import type { StreamShape } from "./samples.ts";

/** What the main header of a JPEG 2000 codestream says of its image (ITU-T T.800 §A.5.1, §A.6.1). */
export interface Jpeg2000Header extends StreamShape {
  /** All components have the precision, sign and resolution of the first. */
  readonly uniform: boolean;
  /** Red, green and blue were transformed (MCT); decoding undoes it. */
  readonly colourTransform: boolean;
}

const sizMarker = 0xff51;
const codMarker = 0xff52;
const sotMarker = 0xff90;
const jp2Signature = Buffer.from("0000000c6a502020", "hex");

/** The codestream itself, taken out of the boxes of a JP2 file (ITU-T T.800 §I.4) where a writer has put it into one. */
export function jpeg2000Codestream(frame: Buffer): Buffer {
  if (!frame.subarray(0, jp2Signature.length).equals(jp2Signature)) return frame;
  let position = 0;
  while (position + 16 <= frame.length) {
    const length = frame.readUInt32BE(position);
    if (frame.toString("latin1", position + 4, position + 8) === "jp2c") {
      // 0: up to the end; 1: the length stands in 64 bits after the type.
      return length > 1
        ? frame.subarray(position + 8, position + length)
        : frame.subarray(position + (length === 1 ? 16 : 8));
    }
    if (length < 8) break;
    position += length;
  }
  throw new ServerError("BadFileFormat", "PixelData: a JP2 file has no codestream");
}

/** Reads the main header. Throws `BadFileFormat`. */
export function readJpeg2000Header(codestream: Buffer): Jpeg2000Header {
  let size: Omit<Jpeg2000Header, "colourTransform"> | undefined;
  let position = 2;
  while (position + 4 <= codestream.length) {
    const marker = codestream.readUInt16BE(position);
    if (marker === sotMarker) break;
    const end = position + 2 + codestream.readUInt16BE(position + 2);
    const segment = codestream.subarray(position + 4, end);
    if (marker === sizMarker && segment.length >= 39) size = readSize(segment);
    if (marker === codMarker && segment.length >= 5 && size !== undefined) {
      return { ...size, colourTransform: segment.readUInt8(4) !== 0 };
    }
    position = end;
  }
  throw new ServerError("BadFileFormat", "PixelData: a frame has no JPEG 2000 main header (SIZ, COD)");
}

function readSize(segment: Buffer): Omit<Jpeg2000Header, "colourTransform"> {
  const samplesPerPixel = segment.readUInt16BE(34);
  const depth = segment.readUInt8(36);
  const components = Array.from({ length: samplesPerPixel }, (_, at) => segment.subarray(36 + at * 3, 39 + at * 3));
  return {
    columns: segment.readUInt32BE(2) - segment.readUInt32BE(10),
    rows: segment.readUInt32BE(6) - segment.readUInt32BE(14),
    samplesPerPixel,
    precision: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
    uniform: components.every((row) => row.length === 3 && row[0] === depth && row[1] === 1 && row[2] === 1),
  };
}

/** What the attributes must say when a frame is decoded: RGB where the decoder undid a transform (PS3.3 §C.7.6.3.1.2). */
export function decodedColour(shape: FrameShape, { colourTransform }: Jpeg2000Header): FrameShape {
  const { samplesPerPixel, photometricInterpretation } = shape;
  const isRgb = colourTransform || photometricInterpretation === "YBR_RCT" || photometricInterpretation === "YBR_ICT";
  return samplesPerPixel === 3 && isRgb ? { ...shape, photometricInterpretation: "RGB" } : shape;
}

/** What they must say when a frame was encoded. */
export function encodedColour(shape: FrameShape, lossy: boolean): FrameShape {
  return shape.photometricInterpretation === "RGB"
    ? { ...shape, photometricInterpretation: lossy ? "YBR_ICT" : "YBR_RCT" }
    : shape;
}
