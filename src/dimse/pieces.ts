import type { SpareMemory } from "../util/spare-memory.ts";

/** Bytes of the first piece: most objects are small. Others are best kept in few pieces. */
const firstSize = 16 * 1024;
/** Bytes of the pieces that follow. */
export const pieceSize = 128 * 1024;

const nothing = Buffer.alloc(0);

/** Copies bytes that are only lent into pieces that can be kept. */
export class Pieces {
  readonly #memory: SpareMemory;
  readonly #give: (piece: Buffer) => void;
  #piece: Buffer = nothing;
  #filled = 0;
  #isFirst = true;

  /** `memory`: of pieces after the first. `give` gets each piece when it is full, the last one as it is at the end. */
  constructor(memory: SpareMemory, give: (piece: Buffer) => void) {
    this.#memory = memory;
    this.#give = give;
  }

  add(bytes: Buffer): void {
    for (let taken = 0; taken < bytes.length;) {
      if (this.#filled === this.#piece.length) this.#begin();
      const copied = bytes.copy(this.#piece, this.#filled, taken);
      taken += copied;
      this.#filled += copied;
      if (this.#filled === this.#piece.length) this.#give(this.#piece);
    }
  }

  /** Gives what is left. */
  end(): void {
    if (this.#filled < this.#piece.length) this.#give(this.#piece.subarray(0, this.#filled));
    this.#piece = nothing;
    this.#filled = 0;
  }

  #begin(): void {
    this.#piece = this.#isFirst ? Buffer.allocUnsafeSlow(firstSize) : this.#memory.take();
    this.#isFirst = false;
    this.#filled = 0;
  }
}
