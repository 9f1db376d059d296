import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ServerError } from "../../util/errors.ts";
import type { Row, Sql, SqlValue } from "../sql-catalog/sql.ts";

/** Texts of queries depend on what is asked, so only so many are kept. */
const keptStatements = 256;

/** Statements by their text, the least recently used going first. */
class Statements {
  readonly #prepared = new Map<string, StatementSync>();
  readonly #database: DatabaseSync;
  readonly #asArrays: boolean;

  constructor(database: DatabaseSync, asArrays: boolean) {
    this.#database = database;
    this.#asArrays = asArrays;
  }

  get(text: string): StatementSync {
    const known = this.#prepared.get(text);
    if (known !== undefined) {
      this.#prepared.delete(text);
      this.#prepared.set(text, known);
      return known;
    }
    const statement = this.#database.prepare(text);
    statement.setReturnArrays(this.#asArrays);
    this.#prepared.set(text, statement);
    const oldest = this.#prepared.keys().next().value;
    if (this.#prepared.size > keptStatements && oldest !== undefined) this.#prepared.delete(oldest);
    return statement;
  }
}

/** A connection to a catalog's file. */
export interface Connection extends Sql {
  /** Runs `work` in a transaction: committed, and flushed to the disk, when it returns, undone when it throws. */
  transaction<Value>(work: () => Value): Value;
  /** Opens a transaction with `work` that stays open until `commit`; when that throws, it is undone. */
  begin(work: () => void): void;
  /** Whether there is such a transaction. An error such as a full disk may have undone it. */
  readonly isOpen: boolean;
  /** Runs more in the open transaction; when that throws, all of the transaction is undone. */
  orUndone<Value>(work: () => Value): Value;
  /** Commits the open transaction: readers see it, and it is on the disk after the next `transaction`. When it throws, it is undone. */
  commit(): void;
  close(): void;
}

/**
 * Opens the file, for reading or for writing. Writing uses a write-ahead log that is flushed at the end of each `transaction`: it
 * survives a power cut, and readers never wait.
 */
export function openConnection(file: string, mode: "read" | "write"): Connection {
  const database = open(file, mode);
  const byName = new Statements(database, false);
  const byPosition = new Statements(database, true);
  const run = (text: string): void => void byName.get(text).run();
  const orUndone = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      if (database.isTransaction) run("ROLLBACK");
      throw error;
    }
  };
  let isFlushing = true;
  const setFlushing = (flushing: boolean): void => {
    if (flushing !== isFlushing) database.exec(`PRAGMA synchronous = ${flushing ? "FULL" : "NORMAL"}`);
    isFlushing = flushing;
  };
  return {
    get: (text, ...values) => byName.get(text).get(...values) as Row | undefined,
    all: (text, ...values) => byName.get(text).all(...values) as Row[],
    rows: (text, values) => byPosition.get(text).all(...values) as unknown[] as (readonly SqlValue[])[],
    iterate: (text, values) =>
      byPosition.get(text).iterate(...values) as Iterable<unknown> as Iterable<readonly SqlValue[]>,
    run: (text, ...values) => {
      const { changes, lastInsertRowid } = byName.get(text).run(...values);
      return { changes: Number(changes), insertedId: Number(lastInsertRowid) };
    },
    transaction(work) {
      setFlushing(true);
      run("BEGIN IMMEDIATE");
      return orUndone(() => {
        const value = work();
        run("COMMIT");
        return value;
      });
    },
    begin(work) {
      setFlushing(false);
      run("BEGIN IMMEDIATE");
      orUndone(work);
    },
    get isOpen() {
      return database.isTransaction;
    },
    orUndone,
    commit: () => orUndone(() => run("COMMIT")),
    close: () => database.close(),
  };
}

function open(file: string, mode: "read" | "write"): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { readOnly: mode === "read", timeout: 10_000 });
    // 64 MiB of pages keep the random ends of the identifiers' index in memory; the log is copied into the file every 32 MiB.
    database.exec("PRAGMA cache_size = -65536");
    if (mode === "write")
      database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA temp_store = MEMORY",
      );
    return database;
  } catch (error) {
    throw new ServerError("SQLiteCannotOpen", `${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
