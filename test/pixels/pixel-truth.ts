import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedData } from "../shared-data.ts";

/** What a decoder made of an image. */
export interface DecoderTruth {
  readonly photometric?: string;
  /** Hashes of the frames, or `same` as those of the image. */
  readonly sha256?: readonly string[] | "same";
}

/** An image of `truth/pixels.json`. Frames are little endian, by pixel, pixels of one bit a byte each. */
export interface PixelTruth {
  readonly frames?: number;
  readonly photometricStored?: string;
  /** Of lossless and native images. */
  readonly sha256?: readonly string[];
  readonly frame0?: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly differenceTo?: Readonly<Record<string, { readonly max: number; readonly mean: number }>>;
  };
  readonly decoders?: Readonly<Record<string, DecoderTruth>>;
  /** How DCMTK made the PNG of frame 1 in `truth/rendered`. */
  readonly rendered?: { readonly command: string };
}

/** The folder of the corpus, and its images by path; none where it is absent. */
export const corpus = sharedData();
export const pixelTruth: readonly (readonly [path: string, truth: PixelTruth])[] =
  corpus === undefined ? [] : Object.entries(JSON.parse(readFileSync(join(corpus, "truth/pixels.json"), "utf8")));

export function corpusFile(path: string): Buffer {
  return readFileSync(join(corpus ?? "", path));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
