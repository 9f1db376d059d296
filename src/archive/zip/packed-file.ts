import { crc32 } from "node:zlib";
import { chooseDeflateWay, type DeflateWay } from "../../util/deflate-way.ts";
import { deflatePiece, endOfDeflate } from "./deflate.ts";
import { inPieces } from "./in-pieces.ts";
import { readAhead } from "./read-ahead.ts";
import type { ZipContentFacts } from "./zip-records.ts";

/** A file as it goes into an archive: small ones are packed before their turn, large ones while they are written. */
export type PackedFile =
  | { readonly kind: "whole"; readonly data: readonly Buffer[]; readonly content: ZipContentFacts }
  | {
      readonly kind: "flowing";
      /** Packed bytes; consumed once. */
      readonly data: AsyncIterable<Buffer>;
      /** Known when `data` has ended. */
      content(): ZipContentFacts;
      /** Lets go of a file whose `data` nobody will read. */
      discard(): Promise<void>;
    };

/** Bytes that are deflated in one go. */
const pieceSize = 1 << 20;
/** Pieces of a large file that are deflated at the same time. */
const piecesAhead = 4;
/** Pieces of a file that are packed before its turn comes; none of a file that is known to have more. */
const wholePieces = 4;

/** Packs a file of `size` bytes, where known. Resolves when it is packed, or is known to be too large to be held. */
export async function packFile(stream: AsyncIterable<Uint8Array>, size: number | undefined): Promise<PackedFile> {
  const packing = new Packing();
  const packed = readAhead(inPieces(stream, pieceSize), { width: piecesAhead, begin: (piece) => packing.add(piece) });
  const isLarge = size !== undefined && size > wholePieces * pieceSize;
  const beginning = isLarge ? [] : await takePieces(packed, wholePieces + 1);
  if (!isLarge && beginning.length <= wholePieces) {
    return { kind: "whole", data: [...beginning, packing.end()], content: packing.content };
  }
  return {
    kind: "flowing",
    data: flowing(beginning, packed, packing),
    content: () => packing.content,
    discard: async () => {
      await packed.return();
    },
  };
}

/** The first `count` pieces, or all when there are fewer. */
async function takePieces(packed: AsyncGenerator<Buffer, void, void>, count: number): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  while (pieces.length < count) {
    const next = await packed.next();
    if (next.done === true) break;
    pieces.push(next.value);
  }
  return pieces;
}

async function* flowing(
  begun: Buffer[],
  packed: AsyncGenerator<Buffer, void, void>,
  packing: Packing,
): AsyncGenerator<Buffer, void, void> {
  try {
    for (let piece = begun.shift(); piece !== undefined; piece = begun.shift()) yield piece;
    yield* packed;
    yield packing.end();
  } finally {
    await packed.return();
  }
}

/** Deflates the pieces of one file and keeps account of them. */
class Packing {
  #way: DeflateWay | undefined;
  #crc = 0;
  #size = 0;
  #compressedSize = 0;

  get content(): ZipContentFacts {
    return { crc: this.#crc, size: this.#size, compressedSize: this.#compressedSize };
  }

  /** Pieces must come in their order, but need not wait for one another. */
  async add(piece: Buffer): Promise<Buffer> {
    this.#crc = crc32(piece, this.#crc);
    this.#size += piece.length;
    this.#way ??= chooseDeflateWay(piece);
    const packed = await deflatePiece(piece, this.#way);
    this.#compressedSize += packed.length;
    return packed;
  }

  /** What ends the data. */
  end(): Buffer {
    this.#compressedSize += endOfDeflate.length;
    return endOfDeflate;
  }
}
