import { ServerError } from "../util/errors.ts";
import { startOfElements } from "./file-meta.ts";
import { explicitVR } from "./vr.ts";

const prefixEnd = 132;
/** Bytes of an element of the long form before its value. */
const longestHeader = 12;
/** File meta information is never longer. */
const maximumHead = 1 << 20;

/**
 * The bytes of a file's dataset as a DIMSE message has it: what stands before it (PS3.10 §7.1) is dropped, and a dataset of odd length,
 * as deflated ones may have, is padded (PS3.5 §A.5). Throws `BadFileFormat` when what stands before has no end.
 */
export async function* datasetBytes(
  file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let isOdd = false;
  for await (const chunk of withoutMeta(file)) {
    isOdd = isOdd !== (chunk.length % 2 === 1);
    yield chunk;
  }
  if (isOdd) yield Buffer.of(0);
}

async function* withoutMeta(
  file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let head: Buffer = Buffer.alloc(0);
  let isFound = false;
  for await (const chunk of file) {
    if (isFound) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? bufferOf(chunk) : Buffer.concat([head, chunk]);
    const offset = datasetOffset(head);
    if (offset !== undefined) {
      isFound = true;
      yield head.subarray(offset);
    } else if (head.length > maximumHead) {
      throw new ServerError("BadFileFormat", `the file meta information is longer than ${maximumHead} bytes`);
    }
  }
  // A file that ends here has a dataset that is shorter than one element's header.
  if (!isFound) yield head.subarray(endOfMeta(head, startOfElements(head)));
}

/** The same bytes, without copying them. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Where the dataset begins in a file that has at least these bytes; undefined while that cannot be told yet. */
export function datasetOffset(head: Buffer): number | undefined {
  if (head.length < prefixEnd) return undefined;
  const end = endOfMeta(head, startOfElements(head));
  return end + longestHeader <= head.length ? end : undefined;
}

/** Where the elements of group 0002 end, or where the next of them is expected. */
function endOfMeta(head: Buffer, start: number): number {
  let at = start;
  while (at + longestHeader <= head.length && head.readUInt16LE(at) === 2) {
    const isLong = explicitVR(head.readUInt16BE(at + 4))?.longForm === true;
    at += isLong ? longestHeader + head.readUInt32LE(at + 8) : 8 + head.readUInt16LE(at + 6);
  }
  return at;
}
