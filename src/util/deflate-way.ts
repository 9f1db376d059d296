import { constants, deflateRawSync, type ZlibOptions } from "node:zlib";

/** How bytes are deflated. */
export type DeflateWay = Pick<ZlibOptions, "level" | "strategy">;

/** Level 0: stored blocks inside the deflate stream, which readers of a stream understand without knowing the size. */
const stored: DeflateWay = { level: 0 };
/** Finds repeated strings. */
const matching: DeflateWay = { level: 1 };
/** Finds runs of one byte only: twice as fast, and as good where noise leaves no longer repetitions. */
const runs: DeflateWay = { level: 1, strategy: constants.Z_RLE };

/** Bytes from which the way is told. */
const sampleSize = 16 << 10;
/** With fewer bytes there is no point in asking, or in anything that costs time by itself. */
export const smallestSampled = 4 * sampleSize;
/** Matching has to save this part of what runs leave. */
const worthwhile = 0.9;
/** Compression has to save this part. */
const incompressible = 0.97;

/** Which way suits bytes that begin with `beginning`: its middle is tried, since there are attributes in front of pixels. */
export function chooseDeflateWay(beginning: Buffer): DeflateWay {
  if (beginning.length < smallestSampled) return matching;
  const middle = (beginning.length - sampleSize) >> 1;
  const sample = beginning.subarray(middle, middle + sampleSize);
  const withMatching = deflateRawSync(sample, matching).length;
  const withRuns = deflateRawSync(sample, runs).length;
  if (Math.min(withMatching, withRuns) > sampleSize * incompressible) return stored;
  return withMatching < withRuns * worthwhile ? matching : runs;
}
