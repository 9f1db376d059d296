import fs from "node:fs";
import { totalLength } from "../../util/total-length.ts";
import { entryHeader, headerLength, type JournalEntry } from "./journal-entry.ts";

/** The file grows by this, filled with zeros: flushing bytes that are overwritten needs no commit of the filesystem's metadata. */
const growth = 1 << 18;
const zeros = Buffer.alloc(growth);

export interface SegmentOptions {
  readonly path: string;
  /** Bytes. */
  readonly capacity: number;
  /** Whether entries go to the disk before `append` returns, or when the system likes. */
  readonly sync: boolean;
}

/** One file of the journal. All calls are synchronous: it lives in a thread of its own. */
export class JournalSegment {
  /** Names of the files that depend on this segment. */
  readonly uuids: string[] = [];
  #end = 0;
  #allocated = 0;
  readonly #file: number;
  readonly #options: SegmentOptions;

  constructor(options: SegmentOptions) {
    this.#file = fs.openSync(options.path, "w");
    this.#options = options;
  }

  /** Puts entries on the disk, numbered from `first` on; false, and nothing is done, when they do not fit any more. */
  append(first: number, entries: readonly JournalEntry[]): boolean {
    const buffers = entries.flatMap((entry, at) => [entryHeader(first + at, entry), entry.record, entry.file]);
    const end = this.#end + totalLength(buffers);
    if (end > this.#options.capacity) return false;
    for (; this.#allocated < end; this.#allocated += growth)
      fs.writeSync(this.#file, zeros, 0, growth, this.#allocated);
    const written = fs.writevSync(this.#file, buffers, this.#end);
    if (this.#end + written !== end) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
    this.#sync();
    this.#end = end;
    for (const { uuid, file } of entries) if (file.length > 0) this.uuids.push(uuid);
    return true;
  }

  /** Makes the segment empty. */
  reset(): void {
    fs.writeSync(this.#file, zeros, 0, headerLength, 0);
    this.#sync();
    this.#end = 0;
    this.uuids.length = 0;
  }

  close(): void {
    fs.closeSync(this.#file);
  }

  #sync(): void {
    if (this.#options.sync) fs.fdatasyncSync(this.#file);
  }
}
