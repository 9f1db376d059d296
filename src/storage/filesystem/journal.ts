import type { Log } from "../../util/log.ts";
import { JournalSegment } from "./journal-segment.ts";

export interface JournalOptions {
  /** The two files. */
  readonly paths: readonly [string, string];
  /** Bytes per file. */
  readonly capacity: number;
  /** A generation that is in neither file. */
  readonly firstGeneration: number;
  /** Puts the files of these blobs on the disk. */
  readonly makeDurable: (uuids: readonly string[]) => Promise<void>;
  readonly log: Log;
}

/**
 * Makes small blobs durable without a flush of each file: their bytes also go to the end of a journal, many at once with one
 * flush. When a file of the journal is full, the other one takes over while the blobs of the first are flushed together; after a crash the
 * journal's records are written again (`replay.ts`).
 */
export class Journal {
  readonly #options: JournalOptions;
  #active: JournalSegment;
  #spare: JournalSegment;
  #generation: number;
  /** The flush of the full segment; undefined when the spare one can be used. */
  #flushing: Promise<void> | undefined;
  /** Set when blobs could not be flushed: their records must stay, so the journal takes no more. */
  #failed = false;

  private constructor(options: JournalOptions, active: JournalSegment, spare: JournalSegment) {
    this.#options = options;
    this.#active = active;
    this.#spare = spare;
    this.#generation = options.firstGeneration;
  }

  /** Opens both files and empties them. */
  static async open(options: JournalOptions): Promise<Journal> {
    const [active, spare] = await Promise.all(options.paths.map((path) => JournalSegment.open(path, options.capacity)));
    if (active === undefined || spare === undefined) throw new Error("a journal has two files");
    await Promise.all([active.reset(options.firstGeneration), spare.reset(options.firstGeneration)]);
    return new Journal(options, active, spare);
  }

  /**
   * Resolves when the bytes are on the disk. Undefined when the journal has no room at the moment: then the caller
   * flushes the blob's file itself. The file must have been written before, flushed or not.
   */
  append(uuid: string, data: readonly Uint8Array[]): Promise<void> | undefined {
    const written = this.#active.append(uuid, data);
    if (written !== undefined || this.#flushing !== undefined || this.#failed) return written;
    const full = this.#active;
    this.#active = this.#spare;
    this.#spare = full;
    this.#flushing = this.#flush(full).finally(() => {
      this.#flushing = undefined;
    });
    return this.#active.append(uuid, data);
  }

  /** Flushes the blobs and empties the journal. */
  async close(): Promise<void> {
    await this.#flushing;
    if (!this.#failed) await this.#flush(this.#active);
    await Promise.all([this.#active.close(), this.#spare.close()]);
  }

  async #flush(segment: JournalSegment): Promise<void> {
    try {
      await segment.settle();
      await this.#options.makeDurable(segment.uuids);
      this.#generation += 1;
      await segment.reset(this.#generation);
    } catch (error) {
      this.#failed = true;
      this.#options.log.error("the storage's journal could not be flushed; it is kept for the next start", { error });
    }
  }
}
