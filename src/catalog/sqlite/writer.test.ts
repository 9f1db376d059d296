import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import { temporaryFolder } from "../../../test/temporary-folder.ts";
import { migrate } from "../schema/migrate.ts";
import { writes } from "../sql-catalog/acts.ts";
import { type Connection, openConnection } from "./connection.ts";
import { actsByName, writeTogether } from "./run-calls.ts";
import type { LeftEntry, StoreJournal } from "./store-journal.ts";
import { encodeRecord, type StoreEntry } from "./store-record.ts";
import { Writer } from "./writer.ts";

let folder: string;
let connection: Connection;
beforeEach(async () => {
  folder = await temporaryFolder();
  connection = open();
  connection.transaction(() => migrate(connection));
});
afterEach(async () => {
  connection.close();
  await rm(folder, { recursive: true });
});

const open = (): Connection => openConnection(`${folder}/catalog.db`, "write");

/** A journal that never forgets. */
function createJournal(next: number): StoreJournal & { readonly entries: LeftEntry[]; isFull: boolean } {
  const entries: LeftEntry[] = [];
  return {
    entries,
    isFull: false,
    get last() {
      return next + entries.length - 1;
    },
    store(added) {
      if (this.isFull) return false;
      for (const { record } of added) entries.push({ number: this.last + 1, record: Buffer.from(record).toString() });
      return true;
    },
    close: async () => {},
  };
}

const nothing = (): void => {};

function startWriter(sql: Connection) {
  const writer = new Writer(sql, nothing);
  let flush = nothing;
  let journal = createJournal(1);
  writer.openJournal((next, flushRows) => {
    flush = flushRows;
    journal = createJournal(next);
    return journal;
  });
  return { writer, journal, flush };
}

function entryOf(instance: string, series = "S"): StoreEntry {
  const record = { inSeries: false, instance: sampleInstance({ instance, series }), policy: keep };
  return { uuid: record.instance.attachments[0]?.uuid ?? "", record: encodeRecord(record), file: Buffer.from("file") };
}

/** One that fails when some of its rows are written. */
function brokenEntry(name: string): StoreEntry {
  const instance = sampleInstance({ instance: name });
  const Instance = { ...instance.metadata.Instance, 4242: null };
  const record = {
    inSeries: false,
    instance: { ...instance, metadata: { ...instance.metadata, Instance } },
    policy: keep,
  };
  return { ...entryOf(name), record: Buffer.from(JSON.stringify(record)) };
}

const count = (sql: Connection) => sql.get("SELECT instances AS found FROM totals")?.["found"];

/** As the next start finds the catalog when the process has been killed: what was not committed is gone. */
function crash(): Connection {
  connection.close();
  connection = open();
  return connection;
}

describe("stored instances", () => {
  it("are committed when that is asked for", () => {
    const { writer } = startWriter(connection);
    const other = openConnection(`${folder}/catalog.db`, "read");
    expect(writer.store([entryOf("a"), entryOf("b")])).toMatchObject([
      { value: { status: "Success" } },
      { value: { status: "Success" } },
    ]);
    expect(count(other)).toBe(0);
    writer.commit();
    expect(count(other)).toBe(2);
    other.close();
  });

  it("are committed after a while", async () => {
    const { writer } = startWriter(connection);
    writer.store([entryOf("a")]);
    await expect.poll(() => connection.isOpen).toBe(false);
    expect(count(connection)).toBe(1);
  });

  it("are stored again after a crash, and only those that the catalog has not", () => {
    const { writer, journal } = startWriter(connection);
    writer.store([entryOf("a"), entryOf("b")]);
    writer.commit();
    writer.store([entryOf("c"), entryOf("d")]);
    const sql = crash();
    expect(count(sql)).toBe(2);
    const next = startWriter(sql);
    expect(next.writer.redo(journal.entries)).toEqual([]);
    expect(count(sql)).toBe(4);
    // A crash before the journal was removed.
    expect(startWriter(crash()).writer.redo(journal.entries)).toEqual([]);
    expect(count(connection)).toBe(4);
  });

  it("do not come back when they were removed before the crash", () => {
    const { writer, journal } = startWriter(connection);
    const instance = sampleInstance({ instance: "a", series: "S" });
    writer.store([entryOf("a")]);
    writer.commit();
    const call = { name: "remove", values: [instance.identifiers.Instance] };
    writeTogether(connection, actsByName(writes), [call]);
    startWriter(crash()).writer.redo(journal.entries);
    expect(count(connection)).toBe(0);
  });

  it("that replace others tell whose blobs have lost their rows, also after a crash", () => {
    const { writer, journal } = startWriter(connection);
    const [first, second] = [entryOf("a"), entryOf("a")];
    writer.store([first]);
    writer.commit();
    const record = { inSeries: false, instance: sampleInstance({ instance: "a", series: "S" }) };
    const replacing = encodeRecord({ ...record, policy: { ...keep, overwrite: "Always" } });
    writer.store([{ ...second, record: replacing }]);
    expect(startWriter(crash()).writer.redo(journal.entries)).toEqual([first.uuid]);
    expect(count(connection)).toBe(1);
  });

  it("that the catalog has already leave no transaction open for what is written next", () => {
    const { writer } = startWriter(connection);
    writer.store([entryOf("a")]);
    writer.commit();
    expect(writer.store([entryOf("a")])).toMatchObject([{ value: { status: "AlreadyStored" } }]);
    writer.commit();
    expect(connection.isOpen).toBe(false);
    expect(writeTogether(connection, actsByName(writes), [{ name: "deleteChanges", values: [] }])).toEqual([
      { value: undefined },
    ]);
  });

  it("that the catalog has already are not kept in the journal", () => {
    const { writer, journal } = startWriter(connection);
    writer.store([entryOf("a")]);
    expect(writer.store([entryOf("a")])).toEqual([{ value: { status: "AlreadyStored" } }]);
    expect(journal.entries).toHaveLength(1);
  });

  it("are numbered on from those of the last run", () => {
    const first = startWriter(connection);
    first.writer.store([entryOf("a"), entryOf("b")]);
    first.writer.commit();
    expect(startWriter(crash()).journal.last).toBe(2);
  });

  it("are on the disk at once when the journal has no room", () => {
    const { writer, journal } = startWriter(connection);
    journal.isFull = true;
    writer.store([entryOf("a")]);
    expect(count(crash())).toBe(1);
  });

  it("leave those that are not committed yet alone when one of them fails", () => {
    const { writer, journal } = startWriter(connection);
    writer.store([entryOf("a")]);
    const unreadable = { ...entryOf("b"), record: Buffer.from('{"instance": {}}') };
    expect(writer.store([unreadable, brokenEntry("d"), entryOf("c")])).toMatchObject([
      { error: { message: expect.any(String) } },
      { error: { message: expect.stringContaining("NOT NULL") } },
      { value: { status: "Success" } },
    ]);
    writer.commit();
    expect(count(connection)).toBe(2);
    expect(connection.all("SELECT id FROM instances")).toHaveLength(2);
    expect(journal.entries).toHaveLength(2);
  });

  it("are on the disk when one fails after them", () => {
    const { writer } = startWriter(connection);
    writer.store([entryOf("a")]);
    writer.store([brokenEntry("b")]);
    expect(count(crash())).toBe(1);
  });

  it("are stored again when their commit fails", () => {
    let fails = true;
    const flaky: Connection = {
      ...connection,
      get isOpen() {
        return connection.isOpen;
      },
      commit() {
        if (fails) connection.run("ROLLBACK");
        if (fails) throw new Error("database or disk is full");
        connection.commit();
      },
    };
    const { writer } = startWriter(flaky);
    writer.store([entryOf("a")]);
    expect(() => writer.commit()).toThrow("full");
    fails = false;
    writer.store([entryOf("b")]);
    writer.commit();
    expect(count(crash())).toBe(2);
  });
});
