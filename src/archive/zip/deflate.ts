import { promisify } from "node:util";
import { constants, deflateRaw, deflateRawSync, type ZlibOptions } from "node:zlib";

/** How the bytes of one file are deflated. */
export type DeflateWay = Pick<ZlibOptions, "level" | "strategy">;

/** Level 0: stored blocks inside the deflate stream, which readers of a stream understand without knowing the size. */
const stored: DeflateWay = { level: 0 };
/** Finds repeated strings. */
const matching: DeflateWay = { level: 1 };
/** Finds runs of one byte only: twice as fast, and as good where noise leaves no longer repetitions. */
const runs: DeflateWay = { level: 1, strategy: constants.Z_RLE };

/** Bytes from which the way is told. */
const sampleSize = 16 << 10;
/** Of smaller files there is no point in asking. */
const smallestSampled = 4 * sampleSize;
/** Matching has to save this part of what runs leave. */
const worthwhile = 0.9;
/** Compression has to save this part. */
const incompressible = 0.97;

const deflate = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);

/** Which way suits a file that begins with `beginning`: its middle, beyond the attributes, is tried. */
export function chooseDeflateWay(beginning: Buffer): DeflateWay {
  if (beginning.length < smallestSampled) return matching;
  const middle = (beginning.length - sampleSize) >> 1;
  const sample = beginning.subarray(middle, middle + sampleSize);
  const withMatching = deflateRawSync(sample, matching).length;
  const withRuns = deflateRawSync(sample, runs).length;
  if (Math.min(withMatching, withRuns) > sampleSize * incompressible) return stored;
  return withMatching < withRuns * worthwhile ? matching : runs;
}

/**
 * Deflates one piece of a file by itself, in a thread. The pieces of a file, one after the other and `endOfDeflate` behind them, are one
 * stream (RFC 1951): each ends at a byte.
 */
export function deflatePiece(piece: Buffer, way: DeflateWay): Promise<Buffer> {
  return deflate(piece, {
    ...way,
    // Faster, but the memory itself costs more than a small piece.
    ...(piece.length < smallestSampled ? {} : { memLevel: constants.Z_MAX_MEMLEVEL }),
    finishFlush: constants.Z_SYNC_FLUSH,
    // One trip to the thread pool: the result is never much longer than the piece.
    chunkSize: piece.length + (piece.length >> 8) + 256,
  });
}

/** A last block without content (RFC 1951 §3.2.6). */
export const endOfDeflate = Buffer.of(0x03, 0x00);
