import type { CodecPool } from "../pixels/codec-pool.ts";
import type { NativeFrame } from "../pixels/frame.ts";
import type { FrameTarget } from "../pixels/frame-task.ts";
import { frameDisplay } from "../pixels/render/display.ts";
import type { PictureType } from "../pixels/render/encode-picture.ts";
import { iconFrame, type IconName } from "../pixels/render/icons.ts";
import { readPalette } from "../pixels/render/palette.ts";
import { renderingOf, type View, type ViewedFrame } from "../pixels/render/view.ts";
import { type FindFrames, readStoredFrame } from "./stored-frames.ts";

/** A picture that a client wants. */
export interface WantedPicture {
  readonly view: View;
  readonly type: PictureType;
  /** Of JPEG: 1 to 100. */
  readonly quality: number;
}

/**
 * What is seen of frames of stored instances, which count from 0. Each is read, decoded, rendered and encoded by itself, in a thread. All
 * throw as `Transcoding.decodedFrame`, and `IncompatibleImageFormat` or `NotImplemented` for images that have no such view.
 */
export interface Pictures {
  /** A picture as a file. Throws `ParameterOutOfRange` for one that is too large, or that JPEG cannot be. */
  pictureOf(instance: string, frame: number, wanted: WantedPicture): Promise<Buffer>;
  /** The values, of colours red, green and blue; `rescaled`: grayscale in its units, as floats. `shape` says what the bytes are. */
  numbersOf(instance: string, frame: number, options: { readonly rescaled: boolean }): Promise<NativeFrame>;
  /** The values as an expression of Matlab or Octave. */
  matlabOf(instance: string, frame: number): Promise<Buffer>;
  /** An icon as a file, for what is no picture. */
  iconOf(name: IconName, wanted: Omit<WantedPicture, "view">): Promise<Buffer>;
}

/** The one maker of pictures. */
export function createPictures(findFrames: FindFrames, pool: Pick<CodecPool, "run">): Pictures {
  const make = async (
    instance: string,
    frame: number,
    target: (viewed: ViewedFrame) => FrameTarget,
  ): Promise<NativeFrame> => {
    const stored = await findFrames(instance);
    const { bytes, shape, encodedIn } = await readStoredFrame(stored, frame);
    const task = { bytes, shape, encodedIn, target: target({ dataset: stored.dataset, frame, shape }) };
    return await pool.run(task, "moved");
  };
  return {
    async pictureOf(instance, frame, { view, type, quality }) {
      const { bytes } = await make(instance, frame, (viewed) => {
        const { dataset } = viewed;
        return { kind: "picture", rendering: renderingOf(view, viewed), palette: readPalette(dataset), type, quality };
      });
      return bytes;
    },
    async numbersOf(instance, frame, { rescaled }) {
      return await make(instance, frame, ({ dataset }) => {
        const { rescale } = frameDisplay(dataset, frame, { withShared: false });
        return {
          kind: "numbers",
          rescale: rescaled ? rescale : undefined,
          palette: readPalette(dataset),
          form: "bytes",
        };
      });
    },
    async matlabOf(instance, frame) {
      const { bytes } = await make(instance, frame, ({ dataset }) => ({
        kind: "numbers",
        rescale: undefined,
        palette: readPalette(dataset),
        form: "matlab",
      }));
      return bytes;
    },
    async iconOf(name, { type, quality }) {
      const rendering = { kind: "shown", window: undefined, layout: { kind: "original" } } as const;
      const target = { kind: "picture", rendering, palette: undefined, type, quality } as const;
      const { bytes } = await pool.run({ ...iconFrame(name), encodedIn: undefined, target });
      return bytes;
    },
  };
}
