import { ServerError } from "../util/errors.ts";
import type { Huffman } from "./huffman.ts";

/** Reads a deflate stream bit by bit, least significant first (RFC 1951 §3.1.1), from an input that grows. */
export class BitReader {
  #input: Buffer = Buffer.alloc(0);
  #position = 0;
  #bits = 0;
  #bitCount = 0;

  /** Bytes at hand, those partly read not counted. */
  get available(): number {
    return this.#input.length - this.#position;
  }

  append(chunk: Buffer): void {
    const rest = this.#input.subarray(this.#position);
    this.#input = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#position = 0;
  }

  #need(count: number): void {
    while (this.#bitCount < count) {
      const byte = this.#input[this.#position++];
      // Codes are looked up with more bits than they have, so a few zeros past the end are no error yet.
      if (byte === undefined && this.#position > this.#input.length + 4) throw badDeflate("it is truncated");
      this.#bits |= (byte ?? 0) << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  /** The next `count` (≤ 16) bits as a number. */
  take(count: number): number {
    this.#need(count);
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  symbol({ bits, table }: Huffman): number {
    this.#need(bits);
    const entry = table[this.#bits & ((1 << bits) - 1)] ?? 0;
    const length = entry & 15;
    if (length === 0) throw badDeflate("it has a code that is not defined");
    this.#bits >>>= length;
    this.#bitCount -= length;
    return entry >> 4;
  }

  /** Passes over the rest of a byte. */
  align(): void {
    this.take(this.#bitCount & 7);
  }

  /** The next whole bytes, at most `count`; `align` comes first. */
  bytes(count: number): Buffer {
    if (this.#bitCount >= 8) return Buffer.of(this.take(8));
    const bytes = this.#input.subarray(this.#position, this.#position + count);
    if (bytes.length === 0) throw badDeflate("it is truncated");
    this.#position += bytes.length;
    return bytes;
  }

  /** Some writers wrap the stream as RFC 1950 says. Read as deflate, its first byte is a block that no encoder writes. */
  skipZlibHeader(): void {
    const [first = 0, second = 0] = this.#input;
    if ((first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0) this.#position += 2;
  }
}

/** The error of a damaged deflate stream. */
export function badDeflate(problem: string): ServerError {
  return new ServerError("BadFileFormat", `the deflated dataset cannot be read: ${problem}`);
}
