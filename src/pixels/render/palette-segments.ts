/** Opcodes of segments (PS3.3 §C.7.9.2). */
const opcodes = { discrete: 0, linear: 1, indirect: 2 };

/**
 * The entries that the segments of a palette stand for (PS3.3 §C.7.9.2), `length` at most; those that are missing are 0. What is no segment
 * ends the palette.
 */
export function expandSegments(segments: Uint8Array | Uint16Array, length: number): Uint16Array {
  const entries = new Uint16Array(length);
  let filled = 0;
  const append = (value: number): void => {
    if (filled < length) entries[filled++] = value;
  };
  /** Expands `count` segments from `start` on; those that an indirect segment refers to are not indirect themselves. */
  const expand = (start: number, count: number, mayRefer: boolean): void => {
    let at = start;
    for (let segment = 0; segment < count && at + 1 < segments.length && filled < length; segment++) {
      const opcode = segments[at] ?? 0;
      const size = segments[at + 1] ?? 0;
      const operand = segments[at + 2] ?? 0;
      if (opcode === opcodes.discrete) {
        for (const value of segments.subarray(at + 2, at + 2 + size)) append(value);
        at += 2 + size;
      } else if (opcode === opcodes.linear) {
        const from = entries[filled - 1] ?? 0;
        for (let step = 1; step <= size; step++) append(Math.round(from + ((operand - from) * step) / size));
        at += 3;
      } else if (opcode === opcodes.indirect && mayRefer) {
        const offset = operand + (segments[at + 3] ?? 0) * 2 ** 16;
        expand(offset >> 1, size, false);
        at += 4;
      } else return;
    }
  };
  expand(0, Infinity, true);
  return entries;
}
