/** Opcodes of segments (PS3.3 §C.7.9.2). */
const opcodes = { discrete: 0, linear: 1, indirect: 2 };

type Segments = Uint8Array | Uint16Array;

/** A palette and how much of it is filled. */
interface Filling {
  readonly entries: Uint16Array;
  filled: number;
}

/**
 * The entries that the segments of a palette stand for (PS3.3 §C.7.9.2), `length` at most; those that are missing are 0. What is no segment
 * ends the palette.
 */
export function expandSegments(segments: Segments, length: number): Uint16Array {
  const filling: Filling = { entries: new Uint16Array(length), filled: 0 };
  let at: number | undefined = 0;
  while (at !== undefined && filling.filled < length) at = expandOne(filling, segments, at, true);
  return filling.entries;
}

/** Expands the segment that begins `at` a place; the place of the next one, undefined after the last. */
function expandOne(filling: Filling, segments: Segments, at: number, mayRefer: boolean): number | undefined {
  const [opcode, size, operand] = segments.subarray(at, at + 3);
  if (size === undefined || operand === undefined) return undefined;
  if (opcode === opcodes.discrete) {
    const end = at + 2 + size;
    append(filling, segments.subarray(at + 2, end));
    return end;
  }
  if (opcode === opcodes.linear) {
    const from = filling.entries[filling.filled - 1] ?? 0;
    const steps = Uint16Array.from({ length: size }, (_, step) =>
      Math.round(from + ((operand - from) * (step + 1)) / size),
    );
    append(filling, steps);
    return at + 3;
  }
  if (opcode !== opcodes.indirect || !mayRefer) return undefined;
  // An offset in bytes, its low half first, to segments that are not indirect themselves.
  let target: number | undefined = (operand + (segments[at + 3] ?? 0) * 2 ** 16) >> 1;
  for (let copied = 0; copied < size && target !== undefined; copied++) {
    target = expandOne(filling, segments, target, false);
  }
  return at + 4;
}

/** What does not fit is left out. */
function append(filling: Filling, values: Segments): void {
  const { entries, filled } = filling;
  const fitting = values.subarray(0, entries.length - filled);
  entries.set(fitting, filled);
  filling.filled = filled + fitting.length;
}
