/** A prefix code of RFC 1951 §3.2.2 as a table: the next `bits` bits of the stream give `symbol << 4 | length of its code`. */
export interface Huffman {
  readonly bits: number;
  readonly table: Uint16Array;
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

/** Builds the table from the length of each symbol's code, 0 for unused ones; undefined when the lengths are over-subscribed. */
export function huffman(lengths: readonly number[]): Huffman | undefined {
  const bits = Math.max(1, ...lengths);
  const counts = Array.from({ length: bits + 1 }, () => 0);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const next: number[] = [0, 0];
  for (let length = 1; length <= bits; length++) {
    const code = ((next[length] ?? 0) + (counts[length] ?? 0)) << 1;
    if (code > 2 << length) return undefined;
    next[length + 1] = code;
  }
  const table = new Uint16Array(1 << bits);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    for (let at = reversed(code, length); at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return { bits, table };
}

const repeat = (length: number, times: number): number[] => Array.from({ length: times }, () => length);

/** The codes of a block with fixed Huffman codes (RFC 1951 §3.2.6). */
export const fixedLengths = {
  literals: [...repeat(8, 144), ...repeat(9, 112), ...repeat(7, 24), ...repeat(8, 8)],
  distances: repeat(5, 30),
};
