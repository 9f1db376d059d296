/** A Huffman table (ITU-T T.81 §C.2): how it is written, and the code of each symbol. */
export interface HuffmanTable {
  /** Number of codes of each length, from 1 to 16 bits (BITS). */
  readonly lengths: readonly number[];
  /** Symbols in the order of their codes (HUFFVAL). */
  readonly symbols: readonly number[];
  readonly code: Uint16Array;
  /** Bits of the code of each symbol; 0 when it has none. */
  readonly size: Uint8Array;
}

/** Bits of the longest code. */
const longest = 16;

/** The best table for symbols, bytes, that occur as often as `frequencies` say (ITU-T T.81 §K.2). */
export function huffmanTable(frequencies: Uint32Array): HuffmanTable {
  // One symbol more, that does not occur, takes the code of ones only, which is forbidden.
  const sizes = codeSizes([...frequencies, 1]);
  const lengths = limitedLengths(sizes);
  const symbols = [...frequencies.keys()]
    .filter((symbol) => frequencies[symbol] !== 0)
    .sort((one, other) => (sizes[one] ?? 0) - (sizes[other] ?? 0));
  const code = new Uint16Array(frequencies.length);
  const size = new Uint8Array(frequencies.length);
  const bits = lengths.flatMap((count, index) => Array.from({ length: count }, () => index + 1));
  let next = 0;
  for (const [at, symbol] of symbols.entries()) {
    const length = bits[at] ?? longest;
    if (at > 0) next = (next + 1) << (length - (bits[at - 1] ?? length));
    code[symbol] = next;
    size[symbol] = length;
  }
  return { lengths, symbols, code, size };
}

/** Bits that each symbol would get without a limit: the two rarest are joined again and again (Figure K.1). */
function codeSizes(frequencies: readonly number[]): readonly number[] {
  const sizes = frequencies.map(() => 0);
  let trees = frequencies.flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []));
  for (;;) {
    const [first, second, ...rest] = trees.sort((one, other) => one.count - other.count);
    if (first === undefined || second === undefined) return sizes;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) sizes[symbol] = (sizes[symbol] ?? 0) + 1;
    trees = [...rest, { count: first.count + second.count, symbols }];
  }
}

/** How many codes of each length there are when none is longer than 16 bits, without that of ones only (Figures K.2 and K.3). */
function limitedLengths(sizes: readonly number[]): readonly number[] {
  const counts = Array.from(
    { length: Math.max(longest, ...sizes) + 1 },
    (_, bits) => sizes.filter((size) => size === bits).length,
  );
  counts[0] = 0;
  const add = (bits: number, more: number): void => {
    counts[bits] = (counts[bits] ?? 0) + more;
  };
  const longestUpTo = (limit: number): number => counts.findLastIndex((count, bits) => bits <= limit && count > 0);
  for (let bits = counts.length - 1; bits > longest; bits--) {
    while ((counts[bits] ?? 0) > 0) {
      const shorter = longestUpTo(bits - 2);
      add(bits, -2);
      add(bits - 1, 1);
      add(shorter + 1, 2);
      add(shorter, -1);
    }
  }
  add(longestUpTo(longest), -1);
  return counts.slice(1, longest + 1);
}
