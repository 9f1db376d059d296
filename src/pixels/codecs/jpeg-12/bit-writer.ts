/** Writes the bits of entropy-coded segments: the highest first, a zero byte after each 0xff (ITU-T T.81 §F.1.2.3). */
export class BitWriter {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  #waiting = 0;
  #waitingBits = 0;

  /** Adds the lowest `size` bits, at most 16, of `bits`. */
  write(bits: number, size: number): void {
    this.#waiting = (this.#waiting << size) | bits;
    this.#waitingBits += size;
    while (this.#waitingBits >= 8) {
      this.#waitingBits -= 8;
      this.#add((this.#waiting >> this.#waitingBits) & 0xff);
    }
    this.#waiting &= (1 << this.#waitingBits) - 1;
  }

  /** All bytes; the last one is filled with ones. */
  end(): Buffer {
    if (this.#waitingBits > 0) this.write((1 << (8 - this.#waitingBits)) - 1, 8 - this.#waitingBits);
    return this.#bytes.subarray(0, this.#length);
  }

  #add(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    this.#bytes[this.#length++] = byte;
    if (byte === 0xff) this.#bytes[this.#length++] = 0;
  }
}
