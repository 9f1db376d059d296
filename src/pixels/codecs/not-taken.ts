import { ServerError } from "../../util/errors.ts";
import type { FrameShape } from "../frame.ts";

/** What an encoder throws for an image of a kind that it does not take. */
export function notTaken(encoder: string, shape: FrameShape): ServerError {
  const { samplesPerPixel, bitsAllocated, bitsStored, signed, photometricInterpretation } = shape;
  const sign = signed ? "signed" : "unsigned";
  return new ServerError(
    "NotImplemented",
    `${encoder} does not take ${photometricInterpretation} with ${samplesPerPixel} samples of ${bitsAllocated} bits (${bitsStored} stored), ${sign}`,
  );
}
