/** What `scanForDelimiter` found: where the content before it ends, and where to go on. */
export type Scan =
  | { readonly found: "delimiter"; readonly contentEnd: number; readonly next: number; readonly last: boolean }
  /** No delimiter before `contentEnd`; what follows may be the beginning of one. */
  | { readonly found: "nothing"; readonly contentEnd: number };

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const dash = 0x2d;

/** RFC 2046 §5.1.1 allows blanks after a boundary, in no number; nobody sends more than a few. */
const maximumPadding = 256;

/**
 * Looks for the next delimiter line (RFC 2046 §5.1.1) in `buffer`. Line ends may be CRLF or a lone LF. `marker` is `--` and
 * the boundary; `atLineStart` says whether the first byte of `buffer` begins a line.
 */
export function scanForDelimiter(buffer: Buffer, marker: Buffer, atLineStart: boolean): Scan {
  for (let at = buffer.indexOf(marker); at >= 0; at = buffer.indexOf(marker, at + 1)) {
    if (at === 0 ? !atLineStart : buffer[at - 1] !== lineFeed) continue;
    const line = lineAfter(buffer, at + marker.length);
    if (line === "other") continue;
    const contentEnd = withoutLineEnd(buffer, at);
    return line === "unfinished" ? { found: "nothing", contentEnd } : { found: "delimiter", contentEnd, ...line };
  }
  return { found: "nothing", contentEnd: possibleStart(buffer, marker, atLineStart) };
}

/** Reads the rest of a delimiter line: `--` closes the whole, blanks and a line end open a part, anything else is content. */
function lineAfter(buffer: Buffer, from: number): { next: number; last: boolean } | "other" | "unfinished" {
  if (from + 1 < buffer.length && buffer[from] === dash && buffer[from + 1] === dash) {
    return { next: from + 2, last: true };
  }
  if (buffer[from] === dash) return from + 1 < buffer.length ? "other" : "unfinished";
  let index = from;
  while (index < buffer.length && isBlank(buffer[index]) && index - from < maximumPadding) index++;
  if (buffer[index] === carriageReturn) index++;
  if (index >= buffer.length) return "unfinished";
  return buffer[index] === lineFeed ? { next: index + 1, last: false } : "other";
}

/** The line end before a delimiter belongs to the delimiter. */
function withoutLineEnd(buffer: Buffer, at: number): number {
  if (at === 0) return 0;
  return buffer[at - 2] === carriageReturn ? at - 2 : at - 1;
}

/** The first place near the end of `buffer` from which a delimiter could go on in the next chunk; its length when there is none. */
function possibleStart(buffer: Buffer, marker: Buffer, atLineStart: boolean): number {
  const earliest = Math.max(0, buffer.length - marker.length);
  for (let at = buffer.indexOf(lineFeed, earliest); at >= 0; at = buffer.indexOf(lineFeed, at + 1)) {
    if (isPrefix(buffer.subarray(at + 1), marker)) return withoutLineEnd(buffer, at + 1);
  }
  if (atLineStart && isPrefix(buffer, marker)) return 0;
  return buffer[buffer.length - 1] === carriageReturn ? buffer.length - 1 : buffer.length;
}

function isPrefix(bytes: Buffer, marker: Buffer): boolean {
  return bytes.length <= marker.length && marker.subarray(0, bytes.length).equals(bytes);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
