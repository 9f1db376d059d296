import { createHash } from "node:crypto";
import { mkdtemp, open, readFile, rm, type FileHandle } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { join } from "node:path";

/** Bytes that were received: small ones in memory, others in a file. */
export interface StoredBytes {
  readonly size: number;
  readonly sha256: string;
  /** From `start` on, at most `length` of them. */
  read(start?: number, length?: number): AsyncIterable<Buffer>;
  whole(): Promise<Buffer>;
  remove(): Promise<void>;
}

export interface SpoolWriter {
  write(chunk: Buffer): Promise<void>;
  finish(): Promise<StoredBytes>;
  discard(): Promise<void>;
}

/** Where received bytes are put. */
export interface Spool {
  open(): SpoolWriter;
  /** Removes everything. */
  close(): Promise<void>;
}

/** More than this goes to a file. */
const memoryLimit = 65_536;

/** A spool in a new folder below `parent`. */
export async function createSpool(parent: string): Promise<Spool> {
  const folder = await mkdtemp(join(parent, "greyhaven-emulator-"));
  let files = 0;
  return {
    open: () => new SpoolFile(join(folder, `${++files}.dcm`)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

class SpoolFile implements SpoolWriter {
  readonly #path: string;
  readonly #hash = createHash("sha256");
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async write(chunk: Buffer): Promise<void> {
    this.#hash.update(chunk);
    this.#size += chunk.length;
    // A chunk is a window on a network buffer that may be much larger.
    if (this.#size <= memoryLimit) this.#chunks.push(Buffer.from(chunk));
    else {
      this.#file ??= await open(this.#path, "w");
      await this.#file.writev([...this.#chunks.splice(0), chunk]);
    }
  }

  async finish(): Promise<StoredBytes> {
    const found = { size: this.#size, sha256: this.#hash.digest("hex") };
    if (this.#file === undefined) return { ...found, ...inMemory(Buffer.concat(this.#chunks)) };
    await this.#file.close();
    return { ...found, ...inFile(this.#path) };
  }

  async discard(): Promise<void> {
    await this.#file?.close();
    await rm(this.#path, { force: true });
  }
}

type Access = Pick<StoredBytes, "read" | "whole" | "remove">;

function inMemory(bytes: Buffer): Access {
  return {
    async *read(start = 0, length = bytes.length) {
      yield bytes.subarray(start, start + length);
    },
    whole: async () => bytes,
    remove: async () => {},
  };
}

function inFile(path: string): Access {
  return {
    read: (start = 0, length = Infinity) =>
      createReadStream(path, { start, end: start + length - 1, highWaterMark: 262_144 }),
    whole: () => readFile(path),
    remove: () => rm(path, { force: true }),
  };
}
