import fs from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { createBufferCount } from "../../util/buffer-count.ts";
import { totalLength } from "../../util/total-length.ts";
import { isBufferList } from "../blob-data.ts";
import type { BlobData, ByteRange } from "../storage.ts";
import { errorCode, readError, writeError } from "./file-errors.ts";
import { readPiece } from "./read-piece.ts";
import { createNow } from "./small-file.ts";

// The calls with callbacks cost about half the CPU of `fs/promises` and its file handles.
const open = promisify(fs.open);
const close = promisify(fs.close);
const fsync = promisify(fs.fsync);
const read = promisify(fs.read);
const writev = promisify(fs.writev);
const unlink = promisify(fs.unlink);
const mkdir = promisify(fs.mkdir);

/** Bytes read, or gathered before they are written, in one call. */
const chunkSize = 1 << 20;
/** Bytes read in one call when the size is not known. */
const smallChunkSize = 1 << 16;

async function create(path: string): Promise<number> {
  try {
    return await open(path, "wx");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, "wx");
  }
}

async function writeAll(file: number, buffers: readonly Uint8Array[]): Promise<number> {
  const expected = totalLength(buffers);
  if (expected === 0) return 0;
  const { bytesWritten } = await writev(file, buffers);
  if (bytesWritten === expected) return expected;
  // A short write (a nearly full disk): go on from where it stopped, so that the system tells the reason.
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  return bytesWritten + (await writeAll(file, [rest]));
}

/** As `writeAll`, on the event loop. */
function writeAllNow(file: number, buffers: readonly Uint8Array[]): number {
  const expected = totalLength(buffers);
  if (expected === 0) return 0;
  const bytesWritten = fs.writevSync(file, buffers);
  if (bytesWritten === expected) return expected;
  return bytesWritten + writeAllNow(file, [Buffer.concat(buffers).subarray(bytesWritten)]);
}

async function writeStream(file: number, data: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  let gathered: Uint8Array[] = [];
  let gatheredSize = 0;
  const count = createBufferCount();
  const writeGathered = async () => {
    size += await writeAll(file, gathered);
    count(gatheredSize);
    gathered = [];
    gatheredSize = 0;
  };
  for await (const chunk of data) {
    if (chunk.length === 0) continue;
    gathered.push(chunk);
    gatheredSize += chunk.length;
    if (gatheredSize >= chunkSize) await writeGathered();
  }
  if (gatheredSize > 0) await writeGathered();
  return size;
}

/** Removes a file; absent is no error. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw writeError(error, path);
  }
}

/**
 * Writes a new file and answers its size; when it throws, no file is left.
 *
 * The bytes go straight under their final name: a name is used once, and nobody reads it before its row is committed, so a
 * file that a crash left half-written is an orphan like any other and a rename would add nothing. With `sync` the file is flushed; the
 * common journaling filesystems then also have its folder's entry on the disk.
 */
export async function createFile(path: string, data: BlobData, sync: boolean): Promise<number> {
  return isBufferList(data) ? createWhole(path, data, sync) : createStreamed(path, data, sync);
}

/**
 * Bytes that are at hand, a megabyte at most, go into the page cache on the event loop: a fraction of a millisecond, and a third of the CPU of three
 * trips to the thread pool. Only the flush, which waits for the disk, goes there.
 */
async function createWhole(path: string, data: readonly Uint8Array[], sync: boolean): Promise<number> {
  let file: number | undefined;
  try {
    file = createNow(path);
    const size = writeAllNow(file, data);
    if (sync) await fsync(file);
    return size;
  } catch (error) {
    if (file !== undefined) await removeFile(path);
    throw writeError(error, path);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

async function createStreamed(path: string, data: AsyncIterable<Uint8Array>, sync: boolean): Promise<number> {
  let file: number;
  try {
    file = await create(path);
  } catch (error) {
    throw writeError(error, path);
  }
  try {
    const size = await writeStream(file, data);
    if (sync) await fsync(file);
    await close(file);
    return size;
  } catch (error) {
    await close(file).catch(() => {});
    await removeFile(path);
    throw writeError(error, path);
  }
}

/** Flushes a file that was written before; absent (removed in the meantime) is no error. */
export async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, "r");
    try {
      await fsync(file);
    } finally {
      await close(file);
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw writeError(error, path);
  }
}

/** Reads the bytes of a file from `start` on into `into` and gives their number. */
export async function readFileInto(path: string, into: Uint8Array, start = 0): Promise<number> {
  let file: number | undefined;
  try {
    file = fs.openSync(path, "r");
    let size = 0;
    while (size < into.length) {
      const bytesRead = await readPiece(file, into.subarray(size), start + size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return size;
  } catch (error) {
    throw readError(error, path);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Reads a file, or a range of it, in chunks; nothing is read ahead of the consumer. */
export async function* readFile(path: string, range?: ByteRange): AsyncGenerator<Buffer> {
  if (range !== undefined && range.end - range.start <= chunkSize) {
    // Not from the pool: whoever keeps a piece, as a header, would keep 64 KB of it.
    const piece = Buffer.allocUnsafeSlow(range.end - range.start);
    const size = await readFileInto(path, piece, range.start);
    if (size > 0) yield size === piece.length ? piece : piece.subarray(0, size);
    return;
  }
  let file: number;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw readError(error, path);
  }
  try {
    const count = createBufferCount();
    let position = range?.start ?? 0;
    const end = range?.end ?? Number.POSITIVE_INFINITY;
    const limit = range === undefined ? smallChunkSize : chunkSize;
    while (position < end) {
      const length = Math.min(limit, end - position);
      const { bytesRead, buffer } = await read(file, Buffer.allocUnsafe(length), 0, length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
      count(length);
    }
  } catch (error) {
    throw readError(error, path);
  } finally {
    await close(file);
  }
}
