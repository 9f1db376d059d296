import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keep, type Sample, sampleInstance } from "../../../test/catalog/sample-instance.ts";
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
    const { flaky, failing } = flakyConnection();
    const { writer } = startWriter(flaky);
    writer.store([entryOf("a")]);
    failing.commit = true;
    expect(() => writer.commit()).toThrow("full");
    failing.commit = false;
    writer.store([entryOf("b")]);
    writer.commit();
    expect(count(crash())).toBe(2);
  });
});

/** The connection, with a disk that is full when `failing` says so: then a commit, or the texts that contain this one, fail. */
function flakyConnection() {
  const failing: { commit: boolean; run: string | undefined } = { commit: false, run: undefined };
  const full = new Error("database or disk is full");
  const flaky: Connection = {
    ...connection,
    get isOpen() {
      return connection.isOpen;
    },
    run(text, ...values) {
      if (failing.run !== undefined && text.includes(failing.run)) throw full;
      return connection.run(text, ...values);
    },
    commit() {
      if (failing.commit) connection.run("ROLLBACK");
      if (failing.commit) throw full;
      connection.commit();
    },
  };
  return { flaky, failing };
}

/** An instance of a series that has just been stored to. */
function inSeries(sample: Sample, policy = keep): StoreEntry {
  const instance = sampleInstance(sample);
  return { ...entryOf(""), record: encodeRecord({ inSeries: true, instance, policy }) };
}

const whole = (sample: Sample): StoreEntry => ({
  ...entryOf(""),
  record: encodeRecord({ inSeries: false, instance: sampleInstance(sample), policy: keep }),
});

const seriesOf = (sample: Sample) => sampleInstance(sample).identifiers.Series;

const counters = (sql: Connection, publicId: string) =>
  sql.get(
    "SELECT series.instances AS inSeries, studies.instances AS inStudy, patients.instances AS inPatient, " +
      "patients.compressedSize AS bytes, patients.lastUpdate, sopClasses FROM series JOIN studies ON studies.id = study " +
      "JOIN patients ON patients.id = patient WHERE series.publicId = ?",
    publicId,
  );

describe("instances of series that are there", () => {
  it("are counted by all resources above them once they are committed", () => {
    const { writer } = startWriter(connection);
    writer.store([whole({ instance: "a" }), whole({ instance: "b", series: "other" })]);
    writer.store([inSeries({ instance: "c", size: 7, sopClass: "1.2.3", receivedAt: "20260202T000000" })]);
    writer.store([inSeries({ instance: "d", series: "other" }), inSeries({ instance: "c" })]);
    writer.commit();
    expect(counters(connection, seriesOf({ instance: "a" }))).toEqual({
      inSeries: 2,
      inStudy: 4,
      inPatient: 4,
      bytes: 307,
      lastUpdate: "20260102T030405",
      sopClasses: "1.2.840.10008.5.1.4.1.1.2\\1.2.3",
    });
    expect(counters(connection, seriesOf({ instance: "d", series: "other" }))).toMatchObject({ inSeries: 2 });
    expect(connection.get("SELECT instances, compressedSize FROM totals")).toEqual({
      instances: 4,
      compressedSize: 307,
    });
    expect(connection.all("SELECT 1 FROM changes WHERE type = 2")).toHaveLength(4);
  });

  it("are told when they are there already, replaced when they are to be, and refused when their series is not there", () => {
    const { writer, journal } = startWriter(connection);
    writer.store([whole({ instance: "a" }), inSeries({ instance: "b", size: 5 })]);
    expect(writer.store([inSeries({ instance: "b" }), inSeries({ instance: "c", series: "missing" })])).toEqual([
      { value: { status: "AlreadyStored" } },
      { value: { status: "SeriesMissing" } },
    ]);
    const replacing = inSeries({ instance: "b", size: 9 }, { ...keep, overwrite: "Always" });
    // Its series might go with it, so the whole instance is asked for.
    expect(writer.store([replacing])).toEqual([{ value: { status: "SeriesMissing" } }]);
    writer.commit();
    expect(counters(connection, seriesOf({ instance: "a" }))).toMatchObject({ inSeries: 2, bytes: 105 });
    expect(journal.entries).toHaveLength(2);
  });

  it("complete a series, and count for quotas, although they share a transaction", () => {
    const { writer } = startWriter(connection);
    writer.store([whole({ instance: "a", expected: "3", index: "1" })]);
    writer.store([inSeries({ instance: "b", index: "2" })]);
    writer.store([inSeries({ instance: "c", expected: "3", index: "3" })]);
    expect(connection.all("SELECT 1 FROM changes WHERE type = 1")).toHaveLength(1);
    writer.store([inSeries({ instance: "d", size: 600 })]);
    const tight = { ...keep, maximumStorageSize: 1000 };
    expect(writer.store([inSeries({ instance: "e", size: 100 }, { ...tight, storageMode: "Reject" })])).toEqual([
      { value: { status: "Success", created: ["Instance"], orphaned: [], deleted: [] } },
    ]);
    expect(writer.store([inSeries({ instance: "f", size: 1 }, { ...tight, storageMode: "Reject" })])).toEqual([
      { value: { status: "StorageFull" } },
    ]);
  });

  it("make their patient the last one to be recycled, in the order in which they came", () => {
    const { writer } = startWriter(connection);
    for (const patient of ["A", "B", "C"]) writer.store([whole({ patient, instance: patient })]);
    writer.store([inSeries({ patient: "A", instance: "1" }), inSeries({ patient: "C", instance: "2" })]);
    writer.store([inSeries({ patient: "A", instance: "3" })]);
    writer.commit();
    const order = connection.all("SELECT publicId FROM patients ORDER BY recyclingOrder");
    expect(order.map((row) => row["publicId"])).toEqual(
      ["B", "C", "A"].map((patient) => sampleInstance({ patient, instance: "any" }).identifiers.Patient),
    );
  });

  it("are counted once when the disk is full while their counters are written", () => {
    const { flaky, failing } = flakyConnection();
    const { writer } = startWriter(flaky);
    writer.store([whole({ instance: "a" }), inSeries({ instance: "b" }), inSeries({ instance: "c" })]);
    failing.run = "UPDATE totals";
    expect(() => writer.commit()).toThrow("full");
    failing.run = undefined;
    writer.store([inSeries({ instance: "d" })]);
    writer.commit();
    expect(counters(connection, seriesOf({ instance: "a" }))).toMatchObject({ inSeries: 4, inPatient: 4, bytes: 400 });
    expect(connection.get("SELECT instances FROM totals")).toEqual({ instances: 4 });
  });

  it("are counted once when one that comes with them fails, and after a crash", () => {
    const { writer, journal } = startWriter(connection);
    writer.store([whole({ instance: "a" }), inSeries({ instance: "b" })]);
    expect(writer.store([inSeries({ instance: "c" }), brokenEntry("x")])).toMatchObject([
      { value: { status: "Success" } },
      { error: {} },
    ]);
    writer.commit();
    writer.store([inSeries({ instance: "d" })]);
    const next = startWriter(crash()).writer;
    next.redo(journal.entries);
    expect(counters(connection, seriesOf({ instance: "a" }))).toMatchObject({ inSeries: 4, inPatient: 4, bytes: 400 });
  });

  it("are complete for who reads in their transaction", () => {
    const { writer } = startWriter(connection);
    writer.store([whole({ instance: "a" })]);
    connection.run("UPDATE series SET isStable = 1");
    writer.store([inSeries({ instance: "b" })]);
    writer.complete();
    expect(connection.get("SELECT isStable, instances FROM series")).toEqual({ isStable: 0, instances: 2 });
    writer.store([inSeries({ instance: "c" })]);
    writer.commit();
    expect(connection.get("SELECT instances FROM series")).toEqual({ instances: 3 });
  });
});
