import { badDeflate, BitReader } from "./bit-reader.ts";
import { fixedLengths, huffman, type Huffman } from "./huffman.ts";
import { SlidingWindow } from "./sliding-window.ts";

/** Bytes that the longest header of a block and the longest symbol with its distance may take. */
const needs = { start: 2, header: 640, stored: 1, symbols: 8, done: 0 };

type State = keyof typeof needs;

/** RFC 1951 §3.2.5: base and extra bits of each length and distance. */
const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const distanceExtra = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * Inflates a raw deflate stream (RFC 1951) that comes in pieces, synchronously and in bounded memory, which `node:zlib`
 * does not offer. `output` is called with at most 96 KiB at a time; a stream of more than `limit` bytes is refused.
 */
export class Inflater {
  readonly #reader = new BitReader();
  readonly #window: SlidingWindow;
  #state: State = "start";
  #ended = false;
  #isLastBlock = false;
  #storedLength = 0;
  #codes: { readonly literals: Huffman; readonly distances: Huffman } | undefined;

  constructor(limit: number, output: (chunk: Buffer) => void) {
    this.#window = new SlidingWindow(limit, output);
  }

  /** Inflates what the new bytes allow; bytes after the end of the stream are passed over. Throws `BadFileFormat`. */
  push(chunk: Buffer): void {
    if (this.#state === "done") return;
    this.#reader.append(chunk);
    this.#run();
  }

  /** Inflates the rest. Throws `BadFileFormat` when the stream is not complete. */
  end(): void {
    this.#ended = true;
    this.#run();
  }

  /** Says that no more output is wanted: the rest of the stream is passed over. May be called from `output`. */
  stop(): void {
    this.#state = "done";
  }

  #run(): void {
    while (this.#state !== "done" && (this.#ended || this.#reader.available >= needs[this.#state])) this.#advance();
    this.#window.flush();
  }

  #advance(): void {
    switch (this.#state) {
      case "start":
        this.#reader.skipZlibHeader();
        this.#state = "header";
        break;
      case "header":
        this.#header();
        break;
      case "stored":
        this.#stored();
        break;
      case "symbols":
        this.#symbols();
        break;
      case "done":
        break;
    }
  }

  #header(): void {
    const reader = this.#reader;
    this.#isLastBlock = reader.take(1) === 1;
    const type = reader.take(2);
    if (type === 0) {
      reader.align();
      this.#storedLength = reader.take(16);
      if ((this.#storedLength ^ reader.take(16)) !== 0xffff) throw badDeflate("it has a damaged stored block");
      this.#state = "stored";
      if (this.#storedLength === 0) this.#endBlock();
    } else if (type === 1) {
      this.#useCodes(fixedLengths.literals, fixedLengths.distances);
    } else if (type === 2) {
      this.#readCodes();
    } else {
      throw badDeflate("it has a block of unknown type");
    }
  }

  #useCodes(literalLengths: readonly number[], distanceLengths: readonly number[]): void {
    const literals = huffman(literalLengths);
    const distances = huffman(distanceLengths);
    if (literals === undefined || distances === undefined) throw badDeflate("it has impossible codes");
    this.#codes = { literals, distances };
    this.#state = "symbols";
  }

  /** The code lengths of a block with dynamic Huffman codes (RFC 1951 §3.2.7). */
  #readCodes(): void {
    const reader = this.#reader;
    const literalCount = reader.take(5) + 257;
    const count = literalCount + reader.take(5) + 1;
    const codeCount = reader.take(4) + 4;
    const codeLengths = Array.from({ length: 19 }, () => 0);
    for (const symbol of codeLengthOrder.slice(0, codeCount)) codeLengths[symbol] = reader.take(3);
    const codes = huffman(codeLengths);
    if (codes === undefined) throw badDeflate("it has impossible codes");
    const lengths: number[] = [];
    while (lengths.length < count) {
      const symbol = reader.symbol(codes);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) pushTimes(lengths, lengths.at(-1) ?? 0, 3 + reader.take(2));
      else pushTimes(lengths, 0, symbol === 17 ? 3 + reader.take(3) : 11 + reader.take(7));
    }
    this.#useCodes(lengths.slice(0, literalCount), lengths.slice(literalCount, count));
  }

  #stored(): void {
    const bytes = this.#reader.bytes(this.#storedLength);
    this.#storedLength -= bytes.length;
    if (this.#storedLength === 0) this.#endBlock();
    this.#window.append(bytes);
  }

  #symbols(): void {
    const reader = this.#reader;
    const window = this.#window;
    const codes = this.#codes;
    if (codes === undefined) return;
    while (this.#state === "symbols" && (this.#ended || reader.available >= needs.symbols)) {
      const symbol = reader.symbol(codes.literals);
      if (symbol === 256) return this.#endBlock();
      if (symbol < 256) {
        window.put(symbol);
        continue;
      }
      const length = (lengthBases[symbol - 257] ?? 0) + reader.take(lengthExtra[symbol - 257] ?? 0);
      const at = reader.symbol(codes.distances);
      const distance = (distanceBases[at] ?? Infinity) + reader.take(distanceExtra[at] ?? 0);
      window.repeat(length, distance);
    }
  }

  #endBlock(): void {
    this.#state = this.#isLastBlock ? "done" : "header";
  }
}

function pushTimes(list: number[], value: number, times: number): void {
  for (let count = 0; count < times; count++) list.push(value);
}
