import type { Frames } from "../archive/frames.ts";
import { explicitLittleEndian } from "../dicom/transfer-syntaxes.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import type { FrameShape } from "../pixels/frame.ts";
import type { FrameTarget } from "../pixels/frame-task.ts";
import { ServerError } from "../util/errors.ts";
import type { FrameForm } from "./frame-media-types.ts";

/** A frame as it is sent. */
export interface SentFrame {
  readonly length: number;
  readonly body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** Frames in the form that they are sent in. */
export interface SentFrames {
  readonly contentType: string;
  /** Frames count from 0. */
  read(frame: number): Promise<SentFrame>;
}

export interface SentFramesParts {
  readonly pool: Pick<CodecPool, "run">;
  /** `DicomLossyTranscodingQuality`; a request cannot ask for another. */
  readonly lossyQuality: number;
  readonly frames: Frames;
  /** Asked for only when frames must be decoded. */
  readonly shape: () => FrameShape;
}

/**
 * The first of the forms that the frames can be brought into, which is tried with the frame `first`. Throws `BadRequest` when there is
 * none, `BadFileFormat` when the frame is broken.
 */
export async function sentFrames(
  parts: SentFramesParts,
  forms: readonly FrameForm[],
  first: number,
): Promise<SentFrames> {
  const reasons: string[] = [];
  for (const form of forms) {
    if (isStored(parts.frames, form)) return storedFrames(parts.frames, form);
    try {
      return await transcodedFrames(parts, form, first);
    } catch (error) {
      if (!(error instanceof ServerError) || error.errorName !== "NotImplemented") throw error;
      reasons.push(error.details ?? error.message);
    }
  }
  throw new ServerError("BadRequest", `the frames cannot be sent as asked for: ${reasons.join("; ")}`);
}

/** Native frames are always sent in little endian, whatever they are stored in. */
function isStored({ encodedIn }: Frames, { transferSyntaxUID }: FrameForm): boolean {
  return transferSyntaxUID === (encodedIn ?? explicitLittleEndian.uid);
}

function storedFrames(frames: Frames, { contentType }: FrameForm): SentFrames {
  return {
    contentType,
    read: async (frame) => ({ length: frames.length(frame), body: frames.read(frame) }),
  };
}

async function transcodedFrames(
  { pool, lossyQuality: quality, frames, shape }: SentFramesParts,
  { contentType, transferSyntaxUID }: FrameForm,
  first: number,
): Promise<SentFrames> {
  const target: FrameTarget =
    transferSyntaxUID === explicitLittleEndian.uid
      ? { kind: "native" }
      : { kind: "encoded", transferSyntaxUID, quality };
  const transcode = async (frame: number): Promise<SentFrame> => {
    const encoded = Buffer.concat(await Array.fromAsync(frames.read(frame)));
    const { bytes } = await pool.run({ bytes: encoded, shape: shape(), encodedIn: frames.encodedIn, target });
    return { length: bytes.length, body: bytes };
  };
  const tried = await transcode(first);
  return { contentType, read: async (frame) => (frame === first ? tried : await transcode(frame)) };
}
