const nothing = Buffer.alloc(0);

/** The bytes at hand of a longer input. Positions past them mean that bytes are to be skipped when they come. */
export class ParserInput {
  buffer: Buffer = nothing;
  view: DataView = new DataView(nothing.buffer, nothing.byteOffset, 0);
  /** Next byte to read, from the start of `buffer`. */
  position = 0;
  /** Offset in the whole input of the first byte of `buffer`. */
  base = 0;
  /** Nothing follows `buffer`. */
  final = false;
  /** Bytes that the reader wants at hand before it can go on. */
  needed = 0;
  readonly #lent: boolean;
  #waiting: Buffer[] = [];
  #waitingLength = 0;

  /** `lent`: what is kept of the bytes is copied. */
  constructor(lent = false) {
    this.#lent = lent;
  }

  /** Offset in the whole input of the next byte to read. */
  get offset(): number {
    return this.base + this.position;
  }

  /** Adds bytes; false while the reader still cannot go on. */
  append(chunk: Buffer): boolean {
    if (this.#waitingLength === 0 && this.position >= this.buffer.length + chunk.length) {
      this.#drop(chunk.length);
      return false;
    }
    this.#waiting.push(chunk);
    this.#waitingLength += chunk.length;
    if (this.buffer.length - this.position + this.#waitingLength < Math.max(this.needed, 1)) return false;
    this.#joinWaiting();
    return true;
  }

  /** Says that no more bytes come. */
  finish(): void {
    this.#joinWaiting();
    this.final = true;
  }

  /** Passes over bytes that are skipped: none of them is kept. */
  #drop(length: number): void {
    this.base += this.buffer.length + length;
    this.position -= this.buffer.length + length;
    this.buffer = nothing;
  }

  #joinWaiting(): void {
    if (this.#waitingLength === 0) return;
    const kept = this.position < this.buffer.length ? [this.buffer.subarray(this.position)] : [];
    const skipped = Math.max(0, this.position - this.buffer.length);
    this.base += this.position - skipped;
    const parts = [...kept, ...this.#waiting];
    const [only = nothing] = parts;
    if (parts.length > 1) this.buffer = Buffer.concat(parts);
    else this.buffer = this.#lent ? copyOf(only) : only;
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
    this.position = skipped;
    this.#waiting = [];
    this.#waitingLength = 0;
    this.needed = 0;
  }
}

/** Not from Node's pool, of which 64 KB would be kept as long as one value. */
function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
