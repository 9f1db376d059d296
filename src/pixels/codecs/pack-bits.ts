/** Where the bytes of a segment go: every `step`th byte from `first`, `count` of them. */
interface Target {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Decodes a segment (PS3.5 §G.3.2). What the segment does not have stays as it was; what it has too much is dropped. */
export function decodePackBits(segment: Buffer, target: Buffer, { first, step, count }: Target): void {
  const end = first + step * count;
  let to = first;
  let from = 0;
  while (from < segment.length && to < end) {
    const control = segment[from++] ?? 0;
    if (control < 128) {
      const literalEnd = Math.min(from + control + 1, segment.length);
      for (; from < literalEnd && to < end; from++, to += step) target[to] = segment[from] ?? 0;
    } else if (control > 128) {
      const value = segment[from++] ?? 0;
      const runEnd = Math.min(to + step * (257 - control), end);
      for (; to < runEnd; to += step) target[to] = value;
    }
  }
}

/** Bytes of the longest run, and of the longest piece of literal bytes. */
const longest = 128;
/** Runs of fewer bytes would make a piece of literal bytes longer. */
const shortestRun = 3;

/** Encodes a segment, row by row (PS3.5 §G.3.1), padded to even length. */
export function encodePackBits(plane: Buffer, rowLength: number): Buffer {
  const rows = Math.ceil(plane.length / rowLength);
  const packed = Buffer.allocUnsafe(plane.length + Math.ceil(plane.length / longest) + rows + 1);
  let to = 0;
  const writeLiteral = (start: number, end: number): void => {
    for (let from = start; from < end; from += longest) {
      const length = Math.min(longest, end - from);
      packed[to++] = length - 1;
      to += plane.copy(packed, to, from, from + length);
    }
  };
  for (let row = 0; row < plane.length; row += rowLength) {
    const end = Math.min(row + rowLength, plane.length);
    let literal = row;
    for (let from = row; from < end;) {
      const run = endOfRun(plane, from, Math.min(from + longest, end));
      if (run - from >= shortestRun) {
        writeLiteral(literal, from);
        packed[to++] = 257 - (run - from);
        packed[to++] = plane[from] ?? 0;
        literal = run;
      }
      from = run;
    }
    writeLiteral(literal, end);
  }
  if (to % 2 === 1) packed[to++] = 0;
  return packed.subarray(0, to);
}

/** Where the bytes equal to that at `start` end. */
function endOfRun(plane: Buffer, start: number, end: number): number {
  const value = plane[start];
  let run = start + 1;
  while (run < end && plane[run] === value) run++;
  return run;
}
