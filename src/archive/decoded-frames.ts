import type { CodecPool } from "../pixels/codec-pool.ts";
import { type DecodedFrame, type FrameShape, isReady } from "../pixels/frame.ts";
import { checkDecodable, frameShape } from "../pixels/frame-shape.ts";
import { ServerError } from "../util/errors.ts";
import type { Archive, InstanceHeader } from "./archive.ts";
import { type Frames, openFrames } from "./frames.ts";
import { findPixelData } from "./pixel-data.ts";

/** Decodes single frames of stored instances, as `Transcoding.decodedFrame`. */
export function createDecodedFrames(
  archive: Pick<Archive, "header" | "dataset" | "readValue">,
  pool: CodecPool,
): (instance: string, frame: number) => Promise<DecodedFrame> {
  // A header lives as long as it is in the archive's cache, and where the frames are is known as long.
  const known = new WeakMap<InstanceHeader, Promise<Frames>>();

  const framesOf = async (instance: string): Promise<Frames> => {
    const pixels = await findPixelData(archive, instance);
    return await openFrames(pixels, (range) => archive.readValue(instance, range));
  };
  return async (instance, frame) => {
    const header = await archive.header(instance);
    if (header === undefined) throw new ServerError("UnknownResource", `there is no instance ${instance}`);
    const finding = known.get(header) ?? framesOf(instance);
    known.set(header, finding);
    finding.catch(() => known.delete(header));
    const frames = await finding;
    const shape = frameShape(header.dataset);
    checkDecodable(shape);
    return await decode(pool, frames, { frame, shape });
  };
}

async function decode(
  pool: CodecPool,
  frames: Frames,
  { frame, shape }: { readonly frame: number; readonly shape: FrameShape },
): Promise<DecodedFrame> {
  const bytes = Buffer.concat(await Array.fromAsync(frames.read(frame)));
  const { encodedIn } = frames;
  if (encodedIn === undefined && isReady(shape)) return { shape, bytes };
  const decoded = await pool.run({ bytes, shape, encodedIn, target: { kind: "decoded" } });
  if (!isReady(decoded.shape)) throw new TypeError("a decoded frame is not ready to be used");
  return { shape: decoded.shape, bytes: decoded.bytes };
}
