import { JournalSegment, type SmallBlob } from "./journal-segment.ts";

export interface JournalOptions {
  /** The two files. */
  readonly paths: readonly [string, string];
  /** Bytes per file. */
  readonly capacity: number;
  /** Puts the files of these blobs on the disk. */
  readonly makeDurable: (uuids: readonly string[]) => Promise<void>;
  /** Told once, when that has failed. */
  readonly failed: (error: unknown) => void;
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
  /** Tells the records of one use of a file from what an earlier one left behind them. */
  #generation = 1;
  /** The flush of the full segment; undefined when the spare one can be used. */
  #flushing: Promise<void> | undefined;
  /** Set when blobs could not be flushed: their records must stay for the next start, so the segment is never used again. */
  #isBroken = false;

  constructor(options: JournalOptions) {
    const { paths, capacity } = options;
    this.#options = options;
    this.#active = new JournalSegment(paths[0], capacity, this.#generation);
    this.#spare = new JournalSegment(paths[1], capacity, this.#generation);
  }

  /**
   * Puts the bytes of blobs, whose files have been written but not flushed, on the disk. False when there is no room at the
   * moment: then the files have to be flushed one by one.
   */
  append(blobs: readonly SmallBlob[]): boolean {
    if (this.#active.append(blobs)) return true;
    if (this.#flushing !== undefined || this.#isBroken) return false;
    const full = this.#active;
    this.#active = this.#spare;
    this.#spare = full;
    this.#flushing = this.#flush(full).finally(() => {
      this.#flushing = undefined;
    });
    return this.#active.append(blobs);
  }

  /** Flushes the blobs and empties the journal. */
  async close(): Promise<void> {
    await this.#flushing;
    if (!this.#isBroken) await this.#flush(this.#active);
    this.#active.close();
    this.#spare.close();
  }

  async #flush(segment: JournalSegment): Promise<void> {
    try {
      await this.#options.makeDurable(segment.uuids);
      this.#generation += 1;
      segment.reset(this.#generation);
    } catch (error) {
      this.#isBroken = true;
      this.#options.failed(error);
    }
  }
}
