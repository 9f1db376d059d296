/** Room that is taken at first for a part of something longer. */
const firstCapacity = 4096;

/** Puts the parts of a short thing together, in memory of its own: takes it as the bytes come, not as their announced number says. */
export class Gathering {
  #bytes = Buffer.alloc(0);
  #filled = 0;

  /** Adds a part that `left` bytes will follow. Returns the whole, once, when none will. */
  add(part: Buffer, left: number): Buffer | undefined {
    if (left === 0 && this.#filled === 0) return Buffer.from(part);
    this.append(part);
    return left === 0 ? this.take() : undefined;
  }

  get length(): number {
    return this.#filled;
  }

  append(part: Buffer): void {
    const needed = this.#filled + part.length;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(firstCapacity, needed, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, this.#filled);
      this.#bytes = grown;
    }
    part.copy(this.#bytes, this.#filled);
    this.#filled = needed;
  }

  /** What was gathered; then it is empty. */
  take(): Buffer {
    const whole = this.#bytes.subarray(0, this.#filled);
    this.#bytes = Buffer.alloc(0);
    this.#filled = 0;
    return whole;
  }
}
