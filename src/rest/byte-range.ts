import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";

/**
 * Reads a `Range` header of one range, as Orthanc does: `bytes=-5` means the bytes 0 to 5, not the last five.
 * Throws BadRange for anything else and for what lies outside of `size` bytes.
 */
export function parseByteRange(header: string, size: number): ByteRange {
  const match = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/.exec(header);
  const [first = "", last = ""] = match?.slice(1) ?? [];
  const start = Number(first);
  const end = last === "" ? size : Number(last) + 1;
  if ((first === "" && last === "") || start >= end || end > size) {
    throw new ServerError("BadRange", `"${header}" is no range of ${size} bytes: expected bytes=<first>-<last>`);
  }
  return { start, end };
}

/** `bytes 0-9/100` */
export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}
