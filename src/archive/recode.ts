import { isDeepStrictEqual } from "node:util";
import type { TransferSyntax } from "../dicom/transfer-syntaxes.ts";
import { generateUid } from "../dicom/uid.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import { lossyMethod } from "../pixels/codecs.ts";
import { type FrameShape, nativeFrameBits } from "../pixels/frame.ts";
import { frameShape } from "../pixels/frame-shape.ts";
import type { FrameResult, FrameTarget } from "../pixels/frame-task.ts";
import { type LossyCompression, recodedDataset } from "../pixels/recoded-attributes.ts";
import { ServerError } from "../util/errors.ts";
import { mapAhead } from "./ahead.ts";
import { createForwardReader } from "./forward-reader.ts";
import { type Frames, openFrames } from "./frames.ts";
import type { PixelElement } from "./pixel-data.ts";
import { encapsulatedElement, nativeElement, nativePixelLength } from "./recoded-pixels.ts";
import { streamDicom } from "./stream-dataset.ts";
import { sopInstanceUID, type TranscodingSource } from "./transcoding-source.ts";
import type { TranscodedFile } from "./transcode.ts";

/** An image, and its pixel data as they are now. */
export interface ImageSource extends TranscodingSource {
  readonly pixels: PixelElement;
  readonly from: TransferSyntax;
}

/** How its pixel data shall be encoded. */
export interface PixelEncoding {
  readonly syntax: TransferSyntax;
  readonly quality: number;
}

/** Makes something of the bytes of a frame. */
type Recode = (bytes: Buffer) => Promise<FrameResult>;

/** Writes an image with pixel data encoded anew, as `transcodeDataset` says. */
export async function recodedFile(
  pool: CodecPool,
  source: ImageSource,
  { syntax, quality }: PixelEncoding,
): Promise<TranscodedFile> {
  const { dataset, from, pixels } = source;
  const before = frameShape(dataset);
  if (before.float) throw new ServerError("NotImplemented", "float pixel data are never compressed");
  const frames = await openFrames(pixels, source.readValue);
  const recode = recodeWith(pool, { frames, before, syntax, quality });
  const first = await recode(await readFrame(frames, 0));
  const after = first.shape;
  const lossy = lossyCompression(syntax, before, first.bytes.length);
  const changed = recodedDataset(dataset, { before, after, wasLossy: from.lossy === true, ...(lossy && { lossy }) });
  const { count } = frames;
  if (!syntax.encapsulated) nativePixelLength(after, count);
  const recoded = recodedFrames(source, { first, recode, concurrency: pool.size + 1 });
  const pixelData = syntax.encapsulated
    ? encapsulatedElement(recoded, syntax)
    : nativeElement(recoded, { shape: after, count, syntax });
  return {
    transferSyntaxUID: syntax.uid,
    SOPInstanceUID: sopInstanceUID(changed),
    stream: streamDicom({ ...source, dataset: changed, pixelData }, syntax.uid),
  };
}

function recodeWith(
  pool: CodecPool,
  { frames, before: shape, syntax, quality }: PixelEncoding & { readonly frames: Frames; readonly before: FrameShape },
): Recode {
  const { encodedIn } = frames;
  if (encodedIn === undefined && !syntax.encapsulated) return async (bytes) => ({ shape, bytes });
  const target: FrameTarget = syntax.encapsulated
    ? { kind: "encoded", transferSyntaxUID: syntax.uid, quality }
    : { kind: "native" };
  return (bytes) => pool.run({ bytes, shape, encodedIn, target });
}

async function readFrame(frames: Frames, frame: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(frames.read(frame)));
}

/** The ratio, which need only be approximate (PS3.3 §C.7.6.1.1.5.2), is that of the first frame: the others come after the header. */
function lossyCompression(
  syntax: TransferSyntax,
  before: FrameShape,
  encodedSize: number,
): LossyCompression | undefined {
  const method = lossyMethod(syntax.uid);
  if (method === undefined) return undefined;
  const ratio = nativeFrameBits(before) / 8 / encodedSize;
  return { SOPInstanceUID: generateUid(), name: syntax.name, method, ratio };
}

/** All frames, read one after the other and encoded side by side. */
async function* recodedFrames(
  { pixels, readValue }: ImageSource,
  {
    first,
    recode,
    concurrency,
  }: { readonly first: FrameResult; readonly recode: Recode; readonly concurrency: number },
): AsyncGenerator<Buffer, void, void> {
  yield first.bytes;
  const end = pixels.offset + pixels.length;
  await using reader = createForwardReader(readValue, { start: pixels.offset, end });
  const frames = await openFrames(pixels, reader.readValue);
  for await (const { shape, bytes } of mapAhead(laterFrames(frames), concurrency, recode)) {
    if (!isDeepStrictEqual(shape, first.shape)) {
      throw new ServerError("BadFileFormat", "PixelData: the frames of the image differ in their precision or colour");
    }
    yield bytes;
  }
}

async function* laterFrames(frames: Frames): AsyncGenerator<Buffer, void, void> {
  for (let frame = 1; frame < frames.count; frame++) yield await readFrame(frames, frame);
}
