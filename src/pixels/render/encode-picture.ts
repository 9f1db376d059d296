import { ServerError } from "../../util/errors.ts";
import { loadCodec } from "../codecs.ts";
import { encodePam } from "./pam.ts";
import { encodePng } from "./png.ts";
import type { Picture } from "./picture.ts";

export const pictureTypes = ["image/png", "image/jpeg", "image/x-portable-arbitrarymap"] as const;
export type PictureType = (typeof pictureTypes)[number];

const jpegBaseline = "1.2.840.10008.1.2.4.50";

/** A picture as a file; `quality` (1 to 100) is that of JPEG. Throws `ParameterOutOfRange` for a JPEG of grayscale in 16 bits. */
export async function encodePicture(picture: Picture, type: PictureType, quality: number): Promise<Buffer> {
  switch (type) {
    case "image/png":
      return encodePng(picture);
    case "image/x-portable-arbitrarymap":
      return encodePam(picture);
    case "image/jpeg":
      return encodeJpeg(picture, quality);
    default:
      return type satisfies never;
  }
}

async function encodeJpeg(picture: Picture, quality: number): Promise<Buffer> {
  const { width, height, samplesPerPixel } = picture;
  const samples = inBytes(picture);
  const { encode } = await loadCodec(jpegBaseline);
  if (encode === undefined) throw new ServerError("NotImplemented", "there is no encoder of JPEG");
  const shape = {
    rows: height,
    columns: width,
    samplesPerPixel,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    signed: false,
    float: false,
    photometricInterpretation: samplesPerPixel === 1 ? "MONOCHROME2" : "RGB",
    planarConfiguration: 0,
  } as const;
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.length);
  return encode({ shape, bytes }, { transferSyntaxUID: jpegBaseline, lossy: true, quality }).bytes;
}

function inBytes({ samples, samplesPerPixel }: Picture): Uint8Array {
  if (samples instanceof Uint8Array) return samples;
  if (samplesPerPixel === 3) return Uint8Array.from(samples, (sample) => sample >> 8);
  throw new ServerError("ParameterOutOfRange", "JPEG has no grayscale of 16 bits: expected PNG or PAM");
}
