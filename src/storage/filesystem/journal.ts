import type { JournalEntry } from "./journal-entry.ts";
import { JournalSegment } from "./journal-segment.ts";

export interface JournalOptions {
  /** The two files. */
  readonly paths: readonly [string, string];
  /** Bytes per file. */
  readonly capacity: number;
  readonly sync: boolean;
  /** The number of the next entry. */
  readonly next: number;
  /** Puts these files, and all that the records of all entries so far tell, on the disk. */
  readonly makeDurable: (uuids: readonly string[]) => Promise<void>;
  /** Told once, when that has failed. */
  readonly failed: (error: unknown) => void;
}

/**
 * Makes what is stored durable without a flush of each file and of the catalog: it also goes to the end of a journal, many at once with one
 * flush. When a file of the journal is full, the other one takes over while what the first one holds is flushed together; after a crash the
 * journal's entries are taken up again (`replay.ts`).
 */
export class Journal {
  readonly #options: JournalOptions;
  #active: JournalSegment;
  #spare: JournalSegment;
  #next: number;
  /** The flush of the full segment; undefined when the spare one can be used. */
  #flushing: Promise<void> | undefined;
  /** Set when a flush has failed: the entries must stay for the next start, so the segment is never used again. */
  #isBroken = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    const [active, spare] = options.paths;
    this.#active = new JournalSegment({ ...options, path: active });
    this.#spare = new JournalSegment({ ...options, path: spare });
    this.#next = options.next;
  }

  /** The number of the last entry. */
  get last(): number {
    return this.#next - 1;
  }

  /** Puts entries on the disk. False when there is no room at the moment. */
  append(entries: readonly JournalEntry[]): boolean {
    if (!this.#active.append(this.#next, entries) && !this.#appendToSpare(entries)) return false;
    this.#next += entries.length;
    return true;
  }

  /** Flushes what the entries tell of and empties the journal. */
  async close(): Promise<void> {
    await this.#flushing;
    if (!this.#isBroken) await this.#flush(this.#active);
    this.#active.close();
    this.#spare.close();
  }

  #appendToSpare(entries: readonly JournalEntry[]): boolean {
    if (this.#flushing !== undefined || this.#isBroken) return false;
    const full = this.#active;
    this.#active = this.#spare;
    this.#spare = full;
    this.#flushing = this.#flush(full).finally(() => {
      this.#flushing = undefined;
    });
    return this.#active.append(this.#next, entries);
  }

  async #flush(segment: JournalSegment): Promise<void> {
    try {
      await this.#options.makeDurable(segment.uuids);
      segment.reset();
    } catch (error) {
      this.#isBroken = true;
      this.#options.failed(error);
    }
  }
}
