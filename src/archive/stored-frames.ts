import type { Dataset } from "../dicom/dataset.ts";
import type { FrameShape } from "../pixels/frame.ts";
import { checkDecodable, frameShape } from "../pixels/frame-shape.ts";
import { ServerError } from "../util/errors.ts";
import type { Archive, InstanceHeader } from "./archive.ts";
import { type Frames, openFrames } from "./frames.ts";
import { findPixelData } from "./pixel-data.ts";

/** The image of a stored instance, its frames left where they are. */
export interface StoredFrames {
  /** The header of the instance. */
  readonly dataset: Dataset;
  readonly transferSyntaxUID: string;
  readonly frames: Frames;
}

/**
 * Finds the frames of an instance. Throws `UnknownResource` without such an instance, `InexistentItem` without pixel data,
 * `BadFileFormat` when they are broken.
 */
export type FindFrames = (instance: string) => Promise<StoredFrames>;

/** Where the frames are is known as long as the header of the instance is in the cache of the archive. */
export function createFindFrames(archive: Pick<Archive, "header" | "dataset" | "readValue">): FindFrames {
  const known = new WeakMap<InstanceHeader, Promise<Frames>>();

  const framesOf = async (instance: string): Promise<Frames> => {
    const pixels = await findPixelData(archive, instance);
    return await openFrames(pixels, (range) => archive.readValue(instance, range));
  };
  return async (instance) => {
    const header = await archive.header(instance);
    if (header === undefined) throw new ServerError("UnknownResource", `there is no instance ${instance}`);
    const finding = known.get(header) ?? framesOf(instance);
    known.set(header, finding);
    finding.catch(() => known.delete(header));
    const { dataset, transferSyntaxUID } = header;
    return { dataset, transferSyntaxUID, frames: await finding };
  };
}

/** The bytes of a frame, counted from 0, for the codecs, and what they are. Throws `ParameterOutOfRange`, and as `checkDecodable`. */
export async function readStoredFrame(
  { dataset, frames }: StoredFrames,
  frame: number,
): Promise<{ readonly bytes: Buffer; readonly shape: FrameShape; readonly encodedIn: string | undefined }> {
  const shape = frameShape(dataset);
  checkDecodable(shape);
  const [first, ...others] = await Array.fromAsync(frames.read(frame));
  const bytes =
    first instanceof Buffer && others.length === 0
      ? first
      : Buffer.concat(first === undefined ? [] : [first, ...others]);
  return { bytes, shape, encodedIn: frames.encodedIn };
}
