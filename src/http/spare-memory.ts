/** Bytes of a piece. */
export const spareSize = 1 << 20;

/** Pieces that are kept while nobody needs them. */
const mostKept = 8;

/** Memory for the bodies of answers, used again and again: fresh memory for each costs more than reading them. */
export interface SpareMemory {
  take(): Buffer;
  /** When nobody reads or writes the piece any more; one that is not given back is left to the collector. */
  giveBack(piece: Buffer): void;
}

export function createSpareMemory(): SpareMemory {
  const kept: Buffer[] = [];
  return {
    take: () => kept.pop() ?? Buffer.allocUnsafeSlow(spareSize),
    giveBack(piece) {
      if (kept.length < mostKept) kept.push(piece);
    },
  };
}
