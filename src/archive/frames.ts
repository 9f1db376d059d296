import { swapWords } from "../dicom/swap-words.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { vrRow } from "../dicom/vr.ts";
import { encapsulatedFrames } from "../pixels/encapsulated-frames.ts";
import { frameShape, numberOfFrames } from "../pixels/frame-shape.ts";
import { nativeFrameRange, nativeFrames, shiftBits } from "../pixels/native-frames.ts";
import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import { sliceStream } from "./byte-slice.ts";
import { checkForm, type PixelElement, readRange } from "./pixel-data.ts";
import type { ReadValue } from "./stream-dataset.ts";

/** The frames of an image, left where they are. */
export interface Frames {
  readonly count: number;
  /** The transfer syntax that each is encoded in; undefined when they are native. */
  readonly encodedIn: string | undefined;
  /** Bytes of a frame, counted from 0; `ParameterOutOfRange` beyond the last. */
  length(frame: number): number;
  /** Its bytes, native ones in little endian. */
  read(frame: number): AsyncIterable<Uint8Array>;
}

/** Finds the frames in pixel data. Throws `BadFileFormat` when they are not where the attributes of the image say. */
export async function openFrames(pixels: PixelElement, readValue: ReadValue): Promise<Frames> {
  checkForm(pixels);
  const { fragments, dataset, transferSyntaxUID } = pixels;
  if (fragments === undefined) return openNativeFrames(pixels, readValue);
  const places = await encapsulatedFrames({
    dataset,
    fragments,
    // A video is one stream, whatever number of pictures it shows.
    numberOfFrames: transferSyntax(transferSyntaxUID)?.video === true ? 1 : numberOfFrames(dataset),
    read: (range) => readRange(readValue, range),
  });
  return {
    count: places.length,
    encodedIn: transferSyntaxUID,
    length: (frame) => at(places, frame).reduce((sum, { start, end }) => sum + end - start, 0),
    async *read(frame) {
      for (const range of at(places, frame)) yield* readValue(range);
    },
  };
}

function at(places: readonly (readonly ByteRange[])[], frame: number): readonly ByteRange[] {
  const place = places[frame];
  if (place === undefined) throw noFrame(frame, places.length);
  return place;
}

function noFrame(frame: number, count: number): ServerError {
  return new ServerError("ParameterOutOfRange", `there is no frame ${frame}: the image has ${count}, from 0`);
}

function openNativeFrames(pixels: PixelElement, readValue: ReadValue): Frames {
  const { dataset, offset, length } = pixels;
  const frames = nativeFrames(frameShape(dataset), numberOfFrames(dataset), length);
  const read: ReadValue = ({ start, end }) => readValue({ start: offset + start, end: offset + end });
  const wordSize = bigEndianWordSize(pixels);
  return {
    count: frames.count,
    encodedIn: undefined,
    length: () => Math.ceil(frames.bits / 8),
    read(frame) {
      if (frame >= frames.count) throw noFrame(frame, frames.count);
      const { range, shift } = nativeFrameRange(frames, frame);
      const bytes = wordSize === 1 ? read(range) : readSwapped(read, range, { wordSize, length });
      return shift === 0 && frames.bits % 8 === 0 ? bytes : shiftBits(bytes, shift, frames.bits);
    },
  };
}

/** A range in the order of little endian: it may begin and end inside a word. */
function readSwapped(
  read: ReadValue,
  { start, end }: ByteRange,
  { wordSize, length }: { readonly wordSize: 2 | 4 | 8; readonly length: number },
): AsyncIterable<Uint8Array> {
  const first = start - (start % wordSize);
  const words = swapWords(
    read({ start: first, end: Math.min(length, Math.ceil(end / wordSize) * wordSize) }),
    wordSize,
  );
  return sliceStream(words, { start: start - first, end: end - first });
}

/** Bytes of the words to be swapped. 1: nothing to swap. */
function bigEndianWordSize({
  dataset,
  vr,
  transferSyntaxUID,
}: Pick<PixelElement, "dataset" | "vr" | "transferSyntaxUID">): 1 | 2 | 4 | 8 {
  const isBigEndian = !dataset.littleEndian || transferSyntax(transferSyntaxUID)?.bigEndianPixels === true;
  return isBigEndian ? vrRow(vr).size : 1;
}
