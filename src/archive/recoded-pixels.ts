import { swapWords } from "../dicom/swap-words.ts";
import type { TransferSyntax } from "../dicom/transfer-syntaxes.ts";
import { vrRow, type VR } from "../dicom/vr.ts";
import { elementHeader, item, itemHeader, sequenceDelimitation, undefinedLength } from "../dicom/write-element.ts";
import { type FrameShape, nativeFrameBits } from "../pixels/frame.ts";
import { imageTags } from "../pixels/frame-shape.ts";
import { joinBits } from "../pixels/native-frames.ts";
import { ServerError } from "../util/errors.ts";

type Chunks = AsyncGenerator<Uint8Array, void, void>;

/** The PixelData element of encapsulated frames, a fragment each, with an empty Basic Offset Table (PS3.5 §A.4). */
export async function* encapsulatedElement(frames: AsyncIterable<Uint8Array>, syntax: TransferSyntax): Chunks {
  yield elementHeader(imageTags.PixelData, "OB", undefinedLength, syntax);
  yield itemHeader(item, 0, syntax.littleEndian);
  for await (const frame of frames) {
    const padding = frame.length % 2;
    yield itemHeader(item, frame.length + padding, syntax.littleEndian);
    yield frame;
    if (padding > 0) yield new Uint8Array(padding);
  }
  yield itemHeader(sequenceDelimitation, 0, syntax.littleEndian);
}

/** VR of native pixel data (PS3.5 §A.1, §A.2). */
function nativePixelVR({ explicit }: TransferSyntax, bitsAllocated: number): VR {
  return explicit && bitsAllocated <= 8 ? "OB" : "OW";
}

/** Bytes of native pixel data. Throws `NotImplemented` when the length of an element cannot say it. */
export function nativePixelLength(shape: FrameShape, count: number): number {
  const length = Math.ceil((nativeFrameBits(shape) * count) / 8);
  if (length < undefinedLength - 1) return length;
  throw new ServerError("NotImplemented", `native pixel data of ${length} bytes are too long for one element`);
}

/** The PixelData element of native frames, which come in little endian. */
export async function* nativeElement(
  frames: AsyncIterable<Uint8Array>,
  { shape, count, syntax }: { readonly shape: FrameShape; readonly count: number; readonly syntax: TransferSyntax },
): Chunks {
  const vr = nativePixelVR(syntax, shape.bitsAllocated);
  const length = nativePixelLength(shape, count);
  yield elementHeader(imageTags.PixelData, vr, length + (length % 2), syntax);
  const bits = nativeFrameBits(shape);
  const joined = bits % 8 === 0 ? frames : joinBits(frames, bits);
  const { size } = vrRow(vr);
  yield* syntax.littleEndian || size === 1 ? joined : swapWords(joined, size);
  if (length % 2 === 1) yield new Uint8Array(1);
}
