/** The thread of the connection that writes, of a catalog without a journal: each batch is committed and flushed. */
import { sendNotice, serveBatches } from "../../util/batched-thread-port.ts";
import { ServerError } from "../../util/errors.ts";
import type { ConnectionData } from "./executors.ts";
import { serveWriter } from "./writer-calls.ts";

function noJournal(): never {
  throw new ServerError("BadSequenceOfCalls", "this catalog was opened without a journal");
}

serveBatches((data) => serveWriter(data as ConnectionData, noJournal, sendNotice));
