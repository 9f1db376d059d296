import type { FrameShape, NativeFrame } from "./frame.ts";

/** How a frame is to be encoded. */
export interface EncodeOptions {
  readonly transferSyntaxUID: string;
  /** Whether information may be lost. */
  readonly lossy: boolean;
  /** Of lossy compression: 1 to 100. */
  readonly quality: number;
}

/** A compressed frame; `shape` is what the attributes of its image must say. */
export interface EncodedFrame {
  readonly shape: FrameShape;
  readonly bytes: Buffer;
}

/**
 * One way to compress frames: pure functions. They throw `NotImplemented` for images that the codec does not take, and
 * `BadFileFormat` or any `Error` for frames that are broken.
 */
export interface Codec {
  /** `shape` is what the attributes of the image say; that of the result is what they must say once the frame is native. */
  readonly decode: (frame: Buffer, shape: FrameShape) => NativeFrame;
  /** Colour comes by pixel, and is not subsampled. */
  readonly encode?: (frame: NativeFrame, options: EncodeOptions) => EncodedFrame;
}
