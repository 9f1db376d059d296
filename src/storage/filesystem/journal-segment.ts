import fs from "node:fs";
import { totalLength } from "../blob-data.ts";
import { headerLength, recordHeader } from "./journal-record.ts";

/** The file grows by this, filled with zeros: flushing bytes that are overwritten needs no commit of the filesystem's metadata. */
const growth = 1 << 18;
const zeros = Buffer.alloc(growth);

/** A small blob, by the name of its file. */
export interface SmallBlob {
  readonly uuid: string;
  readonly data: Uint8Array;
}

/** One file of the journal. All calls are synchronous: it lives in a thread of its own. */
export class JournalSegment {
  /** Blobs that depend on this segment. */
  readonly uuids: string[] = [];
  #generation: number;
  #end = 0;
  #allocated = 0;
  readonly #file: number;
  readonly #capacity: number;

  /** Makes the file, for records of a generation. `capacity` in bytes. */
  constructor(path: string, capacity: number, generation: number) {
    this.#file = fs.openSync(path, "w");
    this.#capacity = capacity;
    this.#generation = generation;
  }

  /** Puts the blobs on the disk; false, and nothing is done, when they do not fit any more. */
  append(blobs: readonly SmallBlob[]): boolean {
    const buffers = blobs.flatMap(({ uuid, data }) => [recordHeader(this.#generation, uuid, [data]), data]);
    const end = this.#end + totalLength(buffers);
    if (end > this.#capacity) return false;
    for (; this.#allocated < end; this.#allocated += growth)
      fs.writeSync(this.#file, zeros, 0, growth, this.#allocated);
    const written = fs.writevSync(this.#file, buffers, this.#end);
    if (this.#end + written !== end) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
    fs.fdatasyncSync(this.#file);
    this.#end = end;
    for (const { uuid } of blobs) this.uuids.push(uuid);
    return true;
  }

  /** Makes the segment empty, for records of a new generation. */
  reset(generation: number): void {
    fs.writeSync(this.#file, zeros, 0, headerLength, 0);
    fs.fdatasyncSync(this.#file);
    this.#generation = generation;
    this.#end = 0;
    this.uuids.length = 0;
  }

  close(): void {
    fs.closeSync(this.#file);
  }
}
