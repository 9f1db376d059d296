import { ServerError } from "../util/errors.ts";
import { byPixel, decodedFrame } from "./by-pixel.ts";
import type { EncodeOptions } from "./codec.ts";
import { loadCodec, lossyMethod } from "./codecs.ts";
import type { FrameShape, NativeFrame } from "./frame.ts";
import { checkDecodable } from "./frame-shape.ts";
import type { Rescale } from "./render/brightness.ts";
import { encodePicture, type PictureType } from "./render/encode-picture.ts";
import { frameNumbers, matlabText, numberBytes } from "./render/numbers.ts";
import type { StoredPalette } from "./render/palette.ts";
import { render, type Rendering } from "./render/rendering.ts";

/** A picture of a frame as a file. */
export interface PictureTarget {
  readonly kind: "picture";
  readonly rendering: Rendering;
  readonly palette: StoredPalette | undefined;
  readonly type: PictureType;
  /** Of JPEG: 1 to 100. */
  readonly quality: number;
}

/** The values of a frame for programs. */
export interface NumbersTarget {
  readonly kind: "numbers";
  /** Makes units of grayscale; undefined: they stay as they are stored. */
  readonly rescale: Rescale | undefined;
  readonly palette: StoredPalette | undefined;
  /** As a native frame, or as a text for Matlab. */
  readonly form: "bytes" | "matlab";
}

/** What is to be made of a frame: a native one, a `DecodedFrame`, one in another transfer syntax, a picture, or numbers. */
export type FrameTarget =
  | { readonly kind: "native" }
  | { readonly kind: "decoded" }
  | { readonly kind: "encoded"; readonly transferSyntaxUID: string; readonly quality: number }
  | PictureTarget
  | NumbersTarget;

/** Work on one frame. */
export interface FrameTask {
  readonly bytes: Buffer;
  /** What the attributes of its image say. */
  readonly shape: FrameShape;
  /** The transfer syntax that it is encoded in; undefined: it is native, in little endian. */
  readonly encodedIn: string | undefined;
  readonly target: FrameTarget;
}

/** A frame, native or encoded as its task said, and what the attributes of its image must say. */
export interface FrameResult {
  readonly shape: FrameShape;
  readonly bytes: Buffer;
}

/** Does the work. Throws `BadFileFormat` for broken frames, `NotImplemented` for what no codec can do. */
export async function runFrameTask({ bytes, shape, encodedIn, target }: FrameTask): Promise<FrameResult> {
  checkDecodable(shape);
  const native = encodedIn === undefined ? { shape, bytes } : await decode(bytes, shape, encodedIn);
  if (target.kind === "native") return native;
  if (target.kind === "decoded") return decodedFrame(native);
  if (target.kind === "picture") return { shape, bytes: await pictureOf(native, target) };
  if (target.kind === "numbers") return numbersOf(native, target);
  return await encode(native, target.transferSyntaxUID, target.quality);
}

async function pictureOf(frame: NativeFrame, { rendering, palette, type, quality }: PictureTarget): Promise<Buffer> {
  return encodePicture(render(decodedFrame(frame), rendering, palette), type, quality);
}

function numbersOf(frame: NativeFrame, { form, ...options }: NumbersTarget): FrameResult {
  const numbers = frameNumbers(decodedFrame(frame), options);
  return form === "bytes" ? numberBytes(numbers) : { shape: frame.shape, bytes: matlabText(numbers) };
}

async function decode(bytes: Buffer, shape: FrameShape, transferSyntaxUID: string): Promise<NativeFrame> {
  const { decode: decodeFrame } = await loadCodec(transferSyntaxUID);
  return guarded(`a frame of ${transferSyntaxUID} cannot be decoded`, () => decodeFrame(bytes, shape));
}

async function encode(frame: NativeFrame, transferSyntaxUID: string, quality: number): Promise<FrameResult> {
  const { encode: encodeFrame } = await loadCodec(transferSyntaxUID);
  if (encodeFrame === undefined)
    throw new ServerError("NotImplemented", `there is no encoder for ${transferSyntaxUID}`);
  const lossy = lossyMethod(transferSyntaxUID) !== undefined;
  const options: EncodeOptions = { transferSyntaxUID, lossy, quality };
  return guarded(`a frame cannot be encoded in ${transferSyntaxUID}`, () => encodeFrame(byPixel(frame), options));
}

/** What libraries throw becomes a `BadFileFormat`. */
function guarded(problem: string, use: () => FrameResult): FrameResult {
  try {
    return use();
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw new ServerError("BadFileFormat", `${problem}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
