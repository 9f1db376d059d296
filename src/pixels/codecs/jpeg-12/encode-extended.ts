import { BitWriter } from "./bit-writer.ts";
import { huffmanTable, type HuffmanTable } from "./huffman-table.ts";
import { blockSize, quantizers, side, transformBlock, zigzag } from "./transform.ts";

/** One plane of samples of 12 bits, unsigned. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly samples: Uint16Array;
}

const precision = 12;
const mean = 2 ** (precision - 1);
/** Symbols (ITU-T T.81 §F.1.2.2): no coefficients follow in the block; sixteen zeros. */
const endOfBlock = 0x00;
const sixteenZeros = 0xf0;

/**
 * Encodes by the extended sequential process for 12 bits with Huffman coding (ITU-T T.81 Process 4), with the best code tables for the
 * image. No library for it is to be had in WASM.
 */
export function encodeExtended(plane: Plane, quality: number): Buffer {
  const divisors = quantizers(quality);
  const blocks = quantizedBlocks(plane, divisors);
  const counted = { dc: new Uint32Array(256), ac: new Uint32Array(256) };
  forEachSymbol(blocks, ({ table, symbol }) => {
    counted[table][symbol] = (counted[table][symbol] ?? 0) + 1;
  });
  const tables = { dc: huffmanTable(counted.dc), ac: huffmanTable(counted.ac) };
  const writer = new BitWriter();
  forEachSymbol(blocks, ({ table, symbol, bits, size }) => {
    writer.write(tables[table].code[symbol] ?? 0, tables[table].size[symbol] ?? 0);
    writer.write(bits, size);
  });
  return Buffer.concat([...headers(plane, divisors, tables), writer.end(), Buffer.from([0xff, 0xd9])]);
}

/** The coefficients of all blocks in the order in which they are coded. What lies beyond the image repeats its edge. */
function quantizedBlocks({ rows, columns, samples }: Plane, divisors: readonly number[]): Int16Array {
  const across = Math.ceil(columns / side);
  const count = across * Math.ceil(rows / side);
  const quantized = new Int16Array(count * blockSize);
  const block = new Float64Array(blockSize);
  for (let at = 0; at < count; at++) {
    const [top, left] = [Math.floor(at / across) * side, (at % across) * side];
    for (let y = 0; y < side; y++) {
      const row = Math.min(top + y, rows - 1) * columns;
      for (let x = 0; x < side; x++) block[y * side + x] = (samples[row + Math.min(left + x, columns - 1)] ?? 0) - mean;
    }
    transformBlock(block);
    for (let place = 0; place < blockSize; place++) {
      const from = zigzag[place] ?? 0;
      quantized[at * blockSize + place] = Math.round((block[from] ?? 0) / (divisors[from] ?? 1));
    }
  }
  return quantized;
}

/** A symbol of a code table, and the bits that follow it. */
interface CodedSymbol {
  readonly table: "dc" | "ac";
  readonly symbol: number;
  readonly bits: number;
  readonly size: number;
}

/** Goes through the symbols of the scan (ITU-T T.81 §F.1.2). */
function forEachSymbol(blocks: Int16Array, use: (coded: CodedSymbol) => void): void {
  let before = 0;
  for (let start = 0; start < blocks.length; start += blockSize) {
    const dc = blocks[start] ?? 0;
    use(coded("dc", 0, dc - before));
    before = dc;
    let zeros = 0;
    for (let place = 1; place < blockSize; place++) {
      const value = blocks[start + place] ?? 0;
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros >= 16; zeros -= 16) use({ table: "ac", symbol: sixteenZeros, bits: 0, size: 0 });
      use(coded("ac", zeros, value));
      zeros = 0;
    }
    if (zeros > 0) use({ table: "ac", symbol: endOfBlock, bits: 0, size: 0 });
  }
}

/** A value after some zeros: the number of its bits, then the bits themselves, of one less when it is negative. */
function coded(table: "dc" | "ac", zeros: number, value: number): CodedSymbol {
  const size = 32 - Math.clz32(Math.abs(value));
  const bits = (value < 0 ? value - 1 : value) & ((1 << size) - 1);
  return { table, symbol: zeros * 16 + size, bits, size };
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...content]);
}

const word = (value: number): readonly number[] => [value >> 8, value & 0xff];

function headers(
  { rows, columns }: Plane,
  divisors: readonly number[],
  tables: { readonly dc: HuffmanTable; readonly ac: HuffmanTable },
): readonly Buffer[] {
  const divisorWords = zigzag.flatMap((from) => word(divisors[from] ?? 1));
  const table = (kind: number, { lengths, symbols }: HuffmanTable) => segment(0xc4, [kind, ...lengths, ...symbols]);
  return [
    Buffer.from([0xff, 0xd8]),
    // DQT in words, SOF1 with one component, DHT for DC and AC, SOS of all coefficients.
    segment(0xdb, [0x10, ...divisorWords]),
    segment(0xc1, [precision, ...word(rows), ...word(columns), 1, 1, 0x11, 0]),
    table(0x00, tables.dc),
    table(0x10, tables.ac),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
  ];
}
