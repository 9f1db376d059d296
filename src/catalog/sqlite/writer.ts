import { GrowingSeries } from "../sql-catalog/growing-series.ts";
import { property, setProperty } from "../sql-catalog/properties.ts";
import type { Connection } from "./connection.ts";
import type { Outcome } from "./executor.ts";
import { outcomeOf } from "./run-calls.ts";
import type { LeftEntry, StoreJournal } from "./store-journal.ts";
import { decodeRecord, type RowsResult, type StoreEntry, type StoreRecord, storeRows } from "./store-record.ts";

/** The property that names the last entry of the journal whose rows are in the catalog. */
const positionProperty = "journal-position";

/** Stored instances whose rows are committed together at most: a crash makes the next start store them again. */
const mostUncommitted = 256;
/** Milliseconds until rows are committed at the latest: the more are committed together, the fewer pages of the indexes are written. */
const commitDelay = 1000;

/**
 * Stores instances with one flush for files and rows: that of the journal. The rows stay in an open transaction, since a commit for each would cost
 * more than all the rest, until somebody wants to read them, there are many of them, or a while has passed.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #notice: (text: string) => void;
  #journal: StoreJournal | undefined;
  /** Bytes of the records that are acknowledged, but not committed: objects would be copied by each collection. Kept to be stored again. */
  #uncommitted: Uint8Array[] = [];
  readonly #growing = new GrowingSeries();
  #timer: NodeJS.Timeout | undefined;

  /** `notice` hears of trouble that concerns no single call. */
  constructor(connection: Connection, notice: (text: string) => void) {
    this.#connection = connection;
    this.#notice = notice;
  }

  /** Opens the journal, with the number of its first entry and what it calls before it lets entries go. */
  openJournal(open: (next: number, flushRows: () => void) => StoreJournal): void {
    this.#journal = open(this.#position() + 1, () => this.#flush());
  }

  /** Stores instances; one that fails leaves the others alone. */
  store(entries: readonly StoreEntry[]): readonly Outcome[] {
    try {
      return this.#storeTogether(entries).map((value) => ({ value }));
    } catch {
      return entries.map((entry) => outcomeOf(() => this.#storeTogether([entry])[0]));
    }
  }

  /** Stores again what a crash has kept from the catalog. Answers the names of blobs that lose their rows by that. */
  redo(entries: readonly LeftEntry[]): readonly string[] {
    const sql = this.#connection;
    const position = this.#position();
    return sql.transaction(() =>
      entries.flatMap(({ number, record }) => {
        if (number <= position) return [];
        setProperty(sql, positionProperty, String(number));
        const result = storeRows(sql, decodeRecord(Buffer.from(record)));
        return result.status === "Success" ? result.orphaned.map(({ uuid }) => uuid) : [];
      }),
    );
  }

  /** Commits what is stored, for readers to see. */
  commit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#journal === undefined) return;
    if (this.#uncommitted.length === 0) {
      // Entries of which none was stored have opened it all the same.
      this.#growing.forget();
      if (this.#connection.isOpen) this.#connection.commit();
      return;
    }
    const { last } = this.#journal;
    this.#open();
    this.#connection.orUndone(() => {
      this.#growing.write(this.#connection);
      setProperty(this.#connection, positionProperty, String(last));
      this.#connection.commit();
    });
    this.#uncommitted = [];
  }

  /** Completes the rows of the open transaction, for who reads them in it. */
  complete(): void {
    if (this.#connection.isOpen) this.#connection.orUndone(() => this.#growing.write(this.#connection));
  }

  async close(): Promise<void> {
    this.#tryCommit();
    await this.#journal?.close();
  }

  #storeTogether(entries: readonly StoreEntry[]): readonly RowsResult[] {
    const sql = this.#connection;
    const journal = this.#journal;
    const records = entries.map(({ record }) => decodeRecord(record));
    if (journal === undefined) return sql.transaction(() => records.map((record) => storeRows(sql, record)));
    this.#open();
    const { results, stored, isKept } = this.#attempt(() => {
      const all = records.map((record) => this.#storeRows(record));
      const successes = entries.filter((_, at) => all[at]?.status === "Success");
      return { results: all, stored: successes, isKept: successes.length === 0 || journal.store(successes) };
    });
    this.#uncommitted.push(...stored.map(({ record }) => Buffer.from(record)));
    if (isKept) this.#commitSoon();
    else this.#flush();
    return results;
  }

  /**
   * Runs more in the open transaction. When it throws, nothing of it stays: all is undone, and what was acknowledged stored again and committed. A
   * savepoint for each would cost a tenth of storing, and failures are rare.
   */
  #attempt<Value>(work: () => Value): Value {
    try {
      return this.#connection.orUndone(work);
    } catch (error) {
      this.#tryCommit();
      throw error;
    }
  }

  /** Writes the rows of an instance in the open transaction. */
  #storeRows(record: StoreRecord): RowsResult {
    const added = record.inSeries ? this.#growing.add(this.#connection, record.instance, record.policy) : undefined;
    if (added !== undefined) return added;
    this.#growing.write(this.#connection);
    return storeRows(this.#connection, record);
  }

  /** Opens a transaction that holds all that is acknowledged but not committed. */
  #open(): void {
    if (this.#connection.isOpen) return;
    this.#growing.forget();
    this.#connection.begin(() => this.#uncommitted.forEach((record) => this.#storeRows(decodeRecord(record))));
  }

  #commitSoon(): void {
    if (this.#uncommitted.length >= mostUncommitted) this.#tryCommit();
    else if (this.#uncommitted.length > 0) this.#timer ??= setTimeout(() => this.#tryCommit(), commitDelay);
  }

  #tryCommit(): void {
    try {
      this.commit();
    } catch (error) {
      this.#notice(`what was stored cannot be committed yet, the journal keeps it: ${String(error)}`);
    }
  }

  /** Puts the rows of all entries so far on the disk. */
  #flush(): void {
    this.commit();
    this.#connection.transaction(() =>
      setProperty(this.#connection, positionProperty, String(this.#journal?.last ?? this.#position())),
    );
  }

  #position(): number {
    return Number(property(this.#connection, positionProperty) ?? 0);
  }
}
