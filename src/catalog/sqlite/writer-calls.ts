import type { BatchServer } from "../../util/batched-thread-port.ts";
import { writes } from "../sql-catalog/acts.ts";
import { openConnection } from "./connection.ts";
import type { Outcome, ReceivedCall } from "./executor.ts";
import type { ConnectionData } from "./executors.ts";
import { unpackCalls } from "./packed-calls.ts";
import { actsByName, outcomeOf, readEach, writeTogether } from "./run-calls.ts";
import type { LeftEntry, StoreJournal } from "./store-journal.ts";
import type { StoreEntry } from "./store-record.ts";
import { writerReads } from "./writer-acts.ts";
import { Writer } from "./writer.ts";

/** How the thread opens a journal: with its options, the number of its first entry, and what it calls before it lets entries go. */
export type OpenJournal = (options: unknown, next: number, flushRows: () => void) => StoreJournal;

/** Serves the calls of a connection that writes. `notice` hears of trouble that concerns no single call. */
export function serveWriter(
  { file }: ConnectionData,
  openJournal: OpenJournal,
  notice: (text: string) => void,
): BatchServer {
  const connection = openConnection(file, "write");
  const writer = new Writer(connection, notice);
  const readActs = actsByName(writerReads);
  const writeActs = actsByName(writes);
  const control = ({ name, values: [value] }: ReceivedCall): unknown => {
    if (name === "redo") return writer.redo(value as readonly LeftEntry[]);
    if (name === "openJournal") return writer.openJournal((next, flushRows) => openJournal(value, next, flushRows));
    return writer.commit();
  };
  const carryOut: Readonly<Record<Kind, (calls: readonly ReceivedCall[]) => readonly Outcome[]>> = {
    store: (calls) => writer.store(calls.map(entryIn)),
    read: (calls) => {
      const complete = outcomeOf(() => writer.complete());
      return "error" in complete ? calls.map(() => complete) : readEach(connection, readActs, calls);
    },
    control: (calls) => calls.map((call) => outcomeOf(() => control(call))),
    write: (calls) => {
      const commit = outcomeOf(() => writer.commit());
      return "error" in commit ? calls.map(() => commit) : writeTogether(connection, writeActs, calls);
    },
  };
  return {
    run: (message) => groups(unpackCalls(message)).flatMap(({ kind, calls }) => carryOut[kind](calls)),
    async close() {
      await writer.close();
      connection.close();
    },
  };
}

type Kind = "store" | "read" | "control" | "write";

function kindOf(name: string): Kind {
  if (name === "store") return "store";
  if (Object.hasOwn(writerReads, name)) return "read";
  return Object.hasOwn(writes, name) ? "write" : "control";
}

interface Group {
  readonly kind: Kind;
  readonly calls: ReceivedCall[];
}

/** Calls of the same kind that follow each other. */
function groups(calls: readonly ReceivedCall[]): readonly Group[] {
  const found: Group[] = [];
  for (const call of calls) {
    const kind = kindOf(call.name);
    const last = found.at(-1);
    if (last?.kind === kind) last.calls.push(call);
    else found.push({ kind, calls: [call] });
  }
  return found;
}

function entryIn({ values: [uuid, recordLength, isUnflushed], bytes }: ReceivedCall): StoreEntry {
  const length = Number(recordLength);
  return {
    uuid: String(uuid),
    record: bytes.subarray(0, length),
    file: bytes.subarray(length),
    isUnflushed: isUnflushed === true,
  };
}
