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
  /** Runs `work` in a transaction: committed when it returns, undone when it throws. */
  transaction<Value>(work: () => Value): Value;
  close(): void;
}

/**
 * Opens the file, for reading or for writing. Writing uses a write-ahead log that is flushed at each commit: a commit that has returned
 * survives a power cut, and readers never wait.
 */
export function openConnection(file: string, mode: "read" | "write"): Connection {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file, { readOnly: mode === "read", timeout: 10_000 });
    // 64 MiB of pages keep the random ends of the identifiers' index in memory; the log is copied into the file every 32 MiB.
    database.exec("PRAGMA cache_size = -65536");
    if (mode === "write")
      database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA temp_store = MEMORY",
      );
  } catch (error) {
    throw new ServerError("SQLiteCannotOpen", `${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const byName = new Statements(database, false);
  const byPosition = new Statements(database, true);
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
      database.exec("BEGIN IMMEDIATE");
      try {
        const value = work();
        database.exec("COMMIT");
        return value;
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => database.close(),
  };
}
