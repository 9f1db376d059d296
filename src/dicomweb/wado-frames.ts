import type { Archive } from "../archive/archive.ts";
import { sliceStream } from "../archive/byte-slice.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { vrRow } from "../dicom/vr.ts";
import { newBoundary, type OutgoingPart, writeMultipart } from "../http/multipart.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import { dicomWebUrl, resourceUrl } from "./base-url.ts";
import { encapsulatedFrames } from "./encapsulated-frames.ts";
import { frameContentType } from "./frame-media-types.ts";
import { nativeFrameRange, nativeFrames, numberOfFrames, shiftBits, swapWords } from "./native-frames.ts";
import type { DicomWebOptions } from "./options.ts";
import { findPixelData, type PixelElement, readRange } from "./pixel-data.ts";
import { findInstance, resourcePath, type WadoInstance } from "./wado-find.ts";

export interface WadoFramesParts {
  readonly archive: Pick<Archive, "header" | "dataset" | "readValue">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: DicomWebOptions;
}

/** Frames of instances (PS3.18 §10.4.1.1.4), as they are stored. */
export function wadoFramesRoutes(parts: WadoFramesParts): readonly Route[] {
  const path = `${parts.options.root}studies/{study}/series/{series}/instances/{instance}/frames`;
  const handle = async (request: HttpRequest): Promise<Reply> => await retrieveFrames(parts, request);
  return [
    { method: "GET", path, tag: "DICOMweb", summary: "Retrieve all frames (WADO-RS)", handle },
    { method: "GET", path: `${path}/{list}`, tag: "DICOMweb", summary: "Retrieve frames (WADO-RS)", handle },
  ];
}

/** One frame: its size and what gives its bytes. */
interface Frame {
  readonly length: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

async function retrieveFrames({ archive, catalog, options }: WadoFramesParts, request: HttpRequest): Promise<Reply> {
  const { list } = request.parameters;
  const wanted = list === undefined ? undefined : parseFrameList(list);
  const instance = await findInstance(catalog, resourcePath(request.parameters));
  const pixels = await findPixelData(archive, instance.id);
  if (transferSyntax(pixels.transferSyntaxUID)?.video === true) {
    throw new ServerError("BadRequest", "the frames of a video cannot be retrieved one by one");
  }
  const type = frameContentType(request.headers.accept, pixels.transferSyntaxUID);
  const frames = await framesOf(archive, instance.id, pixels);
  const numbers = wanted ?? frames.map((_, index) => index + 1);
  const beyond = numbers.find((number) => number > frames.length);
  if (beyond !== undefined) {
    throw new ServerError("InexistentItem", `there is no frame ${beyond}: the instance has ${frames.length}`);
  }
  const base = frameUrl(dicomWebUrl(request, options), instance);
  const boundary = newBoundary();
  const body = writeMultipart(frameParts(frames, numbers, { type, base }), boundary);
  return stream(`multipart/related; type="${type.split(";")[0] ?? ""}"; boundary=${boundary}`, body);
}

function frameUrl(base: string, instance: WadoInstance): string {
  return `${resourceUrl(base, instance)}/frames/`;
}

/** Frame numbers from 1 (PS3.18 §10.4.1.1.4). */
export function parseFrameList(list: string): readonly number[] {
  return list.split(",").map((text) => {
    if (!/^\s*\d{1,9}\s*$/.test(text) || Number(text) < 1) {
      throw new ServerError("ParameterOutOfRange", `frames: expected numbers from 1, found "${text}"`);
    }
    return Number(text);
  });
}

function* frameParts(
  frames: readonly Frame[],
  numbers: readonly number[],
  { type, base }: { readonly type: string; readonly base: string },
): Generator<OutgoingPart, void, void> {
  for (const number of numbers) {
    const frame = frames[number - 1];
    if (frame === undefined) continue;
    const headers = {
      "Content-Type": type,
      "Content-Length": String(frame.length),
      "Content-Location": `${base}${number}`,
      "MIME-Version": "1.0",
    };
    yield { headers, body: frame.read() };
  }
}

async function framesOf(
  archive: WadoFramesParts["archive"],
  instance: string,
  pixels: PixelElement,
): Promise<readonly Frame[]> {
  if (pixels.fragments === undefined) return nativeFrameList(archive, instance, pixels);
  const frames = await encapsulatedFrames({
    dataset: pixels.dataset,
    fragments: pixels.fragments,
    numberOfFrames: numberOfFrames(pixels.dataset),
    read: async (range) => await readRange(archive, instance, range),
  });
  return frames.map((ranges) => ({
    length: ranges.reduce((sum, { start, end }) => sum + end - start, 0),
    read: async function* () {
      for (const range of ranges) yield* archive.readValue(instance, range);
    },
  }));
}

function nativeFrameList(
  archive: WadoFramesParts["archive"],
  instance: string,
  pixels: PixelElement,
): readonly Frame[] {
  const frames = nativeFrames(pixels.dataset, pixels.length);
  const read = (range: ByteRange): AsyncIterable<Uint8Array> =>
    archive.readValue(instance, { start: pixels.offset + range.start, end: pixels.offset + range.end });
  const wordSize = bigEndianWordSize(pixels);
  return Array.from({ length: frames.count }, (_, index) => ({
    length: Math.ceil(frames.bits / 8),
    read: () => {
      const { range, shift } = nativeFrameRange(frames, index);
      const bytes = wordSize === 1 ? read(range) : readSwapped(read, range, { wordSize, length: pixels.length });
      return shift === 0 && frames.bits % 8 === 0 ? bytes : shiftBits(bytes, shift, frames.bits);
    },
  }));
}

/** A range in the order of little endian: it may begin and end inside a word. */
function readSwapped(
  read: (range: ByteRange) => AsyncIterable<Uint8Array>,
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

/** Bytes of the words to be swapped: frames always go out in little endian. 1: nothing to swap. */
function bigEndianWordSize({ dataset, vr, transferSyntaxUID }: PixelElement): 1 | 2 | 4 | 8 {
  const isBigEndian = !dataset.littleEndian || transferSyntax(transferSyntaxUID)?.bigEndianPixels === true;
  return isBigEndian ? vrRow(vr).size : 1;
}
