/** Pieces of memory of the same size, used again and again: fresh memory for each use costs more than filling it. */
export interface SpareMemory {
  take(): Buffer;
  /**
   * Takes back the piece that these bytes are of, when nobody reads or writes it any more: whoever still refers to it finds it empty. False for other
   * bytes, and when there are pieces enough: these are left to the collector.
   */
  giveBack(bytes: Uint8Array): boolean;
}

/** `size`: bytes of a piece. `mostKept`: pieces that are kept while nobody needs them. */
export function createSpareMemory(size: number, mostKept: number): SpareMemory {
  const kept: ArrayBuffer[] = [];
  const lent = new WeakSet<ArrayBufferLike>();
  return {
    take() {
      const memory = kept.pop();
      const piece = memory === undefined ? Buffer.allocUnsafeSlow(size) : Buffer.from(memory);
      lent.add(piece.buffer);
      return piece;
    },
    giveBack({ buffer }) {
      if (!lent.delete(buffer) || kept.length >= mostKept) return false;
      if (!(buffer instanceof ArrayBuffer) || buffer.detached) return false;
      kept.push(buffer.transfer());
      return true;
    },
  };
}
