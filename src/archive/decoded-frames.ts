import type { CodecPool } from "../pixels/codec-pool.ts";
import { type DecodedFrame, isReady } from "../pixels/frame.ts";
import type { Archive } from "./archive.ts";
import { createFindFrames, readStoredFrame } from "./stored-frames.ts";

/** Decodes single frames of stored instances, as `Transcoding.decodedFrame`. */
export function createDecodedFrames(
  archive: Pick<Archive, "header" | "dataset" | "readValue">,
  pool: CodecPool,
): (instance: string, frame: number) => Promise<DecodedFrame> {
  const findFrames = createFindFrames(archive);
  return async (instance, frame) => {
    const { bytes, shape, encodedIn } = await readStoredFrame(await findFrames(instance), frame);
    if (encodedIn === undefined && isReady(shape)) return { shape, bytes };
    const decoded = await pool.run({ bytes, shape, encodedIn, target: { kind: "decoded" } }, "moved");
    if (!isReady(decoded.shape)) throw new TypeError("a decoded frame is not ready to be used");
    return { shape: decoded.shape, bytes: decoded.bytes };
  };
}
