import { badDeflate } from "./bit-reader.ts";

/** How far back a match may reach (RFC 1951 §2). */
const reach = 32_768;
const capacity = reach * 3;
const longestMatch = 258;

/** The output of an inflater: keeps what matches may refer to and hands everything on in pieces of at most 64 KiB. */
export class SlidingWindow {
  readonly #limit: number;
  readonly #output: (chunk: Buffer) => void;
  readonly #bytes = Buffer.alloc(capacity);
  #end = 0;
  #flushed = 0;
  #total = 0;

  constructor(limit: number, output: (chunk: Buffer) => void) {
    this.#limit = limit;
    this.#output = output;
  }

  put(byte: number): void {
    if (this.#end === capacity) this.flush();
    this.#bytes[this.#end++] = byte;
  }

  append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += reach) {
      const part = bytes.subarray(at, at + reach);
      if (this.#end + part.length > capacity) this.flush();
      this.#end += part.copy(this.#bytes, this.#end);
    }
  }

  /** Repeats `length` bytes from `distance` bytes back; they may overlap (RFC 1951 §2). */
  repeat(length: number, distance: number): void {
    if (this.#end + longestMatch > capacity) this.flush();
    if (distance > this.#end) throw badDeflate("it refers to data before its start");
    const bytes = this.#bytes;
    const start = this.#end;
    if (distance >= length) bytes.copyWithin(start, start - distance, start - distance + length);
    else for (let at = start; at < start + length; at++) bytes[at] = bytes[at - distance] ?? 0;
    this.#end = start + length;
  }

  /** Hands on what was not yet handed on. */
  flush(): void {
    if (this.#flushed === this.#end) return;
    const chunk = Buffer.from(this.#bytes.subarray(this.#flushed, this.#end));
    this.#total += chunk.length;
    if (this.#total > this.#limit) throw badDeflate(`it inflates to more than ${this.#limit} bytes`);
    const kept = Math.min(this.#end, reach);
    this.#bytes.copyWithin(0, this.#end - kept, this.#end);
    this.#end = kept;
    this.#flushed = kept;
    this.#output(chunk);
  }
}
