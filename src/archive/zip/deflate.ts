import { promisify } from "node:util";
import { constants, deflateRaw, type ZlibOptions } from "node:zlib";
import { type DeflateWay, smallestSampled } from "../../util/deflate-way.ts";

const deflate = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);

/**
 * Deflates one piece of a file by itself, in a thread. The pieces of a file, one after the other and `endOfDeflate` behind them, are one
 * stream (RFC 1951): each ends at a byte.
 */
export async function deflatePiece(piece: Buffer, way: DeflateWay): Promise<Buffer> {
  const packed = await deflate(piece, {
    ...way,
    // Faster, but the memory itself costs more than a small piece.
    ...(piece.length < smallestSampled ? {} : { memLevel: constants.Z_MAX_MEMLEVEL }),
    finishFlush: constants.Z_SYNC_FLUSH,
    // One trip to the thread pool: the result is never much longer than the piece.
    chunkSize: piece.length + (piece.length >> 8) + 256,
  });
  // The rest of that memory would be held as long as the result.
  return packed.length < piece.length / 2 ? Buffer.from(packed) : packed;
}

/** A last block without content (RFC 1951 §3.2.6). */
export const endOfDeflate = Buffer.of(0x03, 0x00);
