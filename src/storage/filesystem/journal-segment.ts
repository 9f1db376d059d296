import fs from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { totalLength } from "../blob-data.ts";
import { writeError } from "./file-errors.ts";
import { headerLength, recordHeader } from "./journal-record.ts";

const open = promisify(fs.open);
const close = promisify(fs.close);
const fdatasync = promisify(fs.fdatasync);

/** The file grows by this, filled with zeros: flushing bytes that are overwritten needs no commit of the filesystem's metadata. */
const growth = 1 << 18;
const zeros = Buffer.alloc(growth);

interface Waiting {
  readonly buffers: readonly Uint8Array[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** One file of the journal. Records that wait at the same time are written and flushed together. */
export class JournalSegment {
  /** Blobs that depend on this segment. */
  readonly uuids: string[] = [];
  #generation = 0;
  /** End of what has been accepted, end of what is on the disk, end of the file. */
  #accepted = 0;
  #written = 0;
  #allocated: number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  readonly #path: string;
  readonly #file: number;
  readonly #capacity: number;

  private constructor(path: string, file: number, allocated: number, capacity: number) {
    this.#path = path;
    this.#file = file;
    this.#allocated = allocated;
    this.#capacity = capacity;
  }

  /** Opens the file, creating it when it is missing. `capacity` in bytes. */
  static async open(path: string, capacity: number): Promise<JournalSegment> {
    const file = await open(path, fs.constants.O_RDWR | fs.constants.O_CREAT);
    return new JournalSegment(path, file, fs.fstatSync(file).size, capacity);
  }

  /** Resolves when the record is on the disk; undefined when it does not fit any more. */
  append(uuid: string, data: readonly Uint8Array[]): Promise<void> | undefined {
    const length = headerLength + totalLength(data);
    if (this.#accepted + length > this.#capacity) return undefined;
    this.#accepted += length;
    this.uuids.push(uuid);
    const buffers = [recordHeader(this.#generation, uuid, data), ...data];
    return new Promise((done, failed) => {
      this.#waiting.push({ buffers, done, failed });
      this.#running ??= this.#run();
    });
  }

  /** Makes the segment empty, for records of a new generation. */
  async reset(generation: number): Promise<void> {
    fs.writeSync(this.#file, zeros, 0, headerLength, 0);
    await fdatasync(this.#file);
    this.#generation = generation;
    this.#accepted = 0;
    this.#written = 0;
    this.uuids.length = 0;
  }

  /** Waits until everything that was accepted is on the disk. */
  async settle(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    await this.settle();
    await close(this.#file);
  }

  async #run(): Promise<void> {
    // Whatever else arrives in this turn of the event loop joins the first group.
    await nextTurn();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#writeGroup(group.flatMap(({ buffers }) => buffers));
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(writeError(error, this.#path));
      }
    }
    this.#running = undefined;
  }

  /** Only the flush goes to the thread pool: copying some kilobytes to the page cache costs less than the trip. */
  async #writeGroup(buffers: readonly Uint8Array[]): Promise<void> {
    const end = this.#written + totalLength(buffers);
    while (this.#allocated < end) {
      fs.writeSync(this.#file, zeros, 0, growth, this.#allocated);
      this.#allocated += growth;
    }
    const bytesWritten = fs.writevSync(this.#file, buffers, this.#written);
    if (this.#written + bytesWritten !== end) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
    await fdatasync(this.#file);
    this.#written = end;
  }
}
