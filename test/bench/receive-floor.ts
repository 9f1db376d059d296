/**
 * The least that a C-STORE of a small object can cost in Node.js while its sender waits for each answer: objects are received, flushed to the
 * disk and answered, but neither read nor indexed. `node test/bench/receive-floor.ts [objects]`; needs DCMTK's `dcmsend`; prints milliseconds of
 * CPU and objects per second for each way. docs/PERFORMANCE.md has the comparison.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { encodeCommand } from "../../src/dimse/command-codec.ts";
import { commandFields, noDataset, responseBit, type CommandSet } from "../../src/dimse/command-set.ts";
import { writeControlPdu } from "../../src/dimse/control-pdu.ts";
import { Gathering } from "../../src/dimse/gathering.ts";
import { MessageAssembler } from "../../src/dimse/message-assembler.ts";
import type { ContextPolicy } from "../../src/dimse/listen.ts";
import { acceptContexts } from "../../src/dimse/negotiation.ts";
import { emptyUserInformation, type AssociateRequestPdu } from "../../src/dimse/pdu.ts";
import { PduDecoder } from "../../src/dimse/pdu-decoder.ts";
import { packWhole } from "../../src/dimse/pdv-packer.ts";
import { withOwnMemory } from "../../src/dimse/own-memory.ts";
import { JournalSegment } from "../../src/storage/filesystem/journal-segment.ts";
import { makeImage } from "../phantoms/study.ts";

const ways = ["answered at once", "put into a journal", "put into a journal by a thread"] as const;
type Way = (typeof ways)[number];

/** Bytes of a P-DATA-TF, Orthanc's default. */
const maximumLength = 16384;

/** Keeps the bytes of an object, then calls `done`. */
type Keep = (dataset: Uint8Array, done: () => void) => void;

/** Bytes that the journal has room for. */
const capacity = 1 << 30;

/** Puts bytes into the server's own journal, which flushes them. */
function journalIn(path: string): (dataset: Uint8Array) => void {
  const journal = new JournalSegment({ path, capacity, sync: true });
  const [uuid, record] = [randomUUID(), new Uint8Array(0)];
  let number = 0;
  return (file) => void journal.append(number++, [{ uuid, record, file }]);
}

function keeping(way: Way, path: string): { readonly keep: Keep; readonly close: () => void } {
  if (way === "answered at once") return { keep: (_, done) => done(), close: () => {} };
  if (way === "put into a journal") {
    const append = journalIn(path);
    return {
      keep: (dataset, done) => {
        append(dataset);
        done();
      },
      close: () => {},
    };
  }
  const thread = new Worker(new URL(import.meta.url), { workerData: path });
  const waiting: (() => void)[] = [];
  thread.on("message", () => waiting.shift()?.());
  return {
    keep: (dataset, done) => {
      waiting.push(done);
      const { buffer } = new Uint8Array(dataset);
      thread.postMessage(buffer, [buffer]);
    },
    close: () => void thread.terminate(),
  };
}

const acceptFirst: ContextPolicy = { choose: ([first]) => first, roles: { scu: true, scp: false } };

function acceptance(request: AssociateRequestPdu): Buffer {
  return writeControlPdu({
    ...request,
    type: "A-ASSOCIATE-AC",
    contexts: acceptContexts(request, () => acceptFirst).answers,
    user: { ...emptyUserInformation, maximumLength, implementationClassUid: "2.25.1" },
  });
}

function answer(contextId: number, command: CommandSet): Buffer {
  const { AffectedSOPClassUID = "", AffectedSOPInstanceUID = "", MessageID = 0 } = command;
  const bytes = encodeCommand({
    AffectedSOPClassUID,
    AffectedSOPInstanceUID,
    CommandField: commandFields["C-STORE-RQ"] | responseBit,
    MessageIDBeingRespondedTo: MessageID,
    CommandDataSetType: noDataset,
    Status: 0,
  });
  return Buffer.concat(packWhole(contextId, true, bytes, maximumLength));
}

function serve(socket: Socket, keep: Keep): void {
  let request: { readonly contextId: number; readonly command: CommandSet } | undefined;
  const dataset = new Gathering();
  const assembler = new MessageAssembler({
    command: (contextId, command) => {
      request = { contextId, command };
    },
    dataset: (bytes, isLast) => {
      const whole = dataset.add(bytes, isLast ? 0 : 1);
      if (whole === undefined || request === undefined) return;
      const { contextId, command } = request;
      keep(whole, () => void socket.write(answer(contextId, command)));
    },
  });
  const decoder = new PduDecoder(maximumLength, {
    pdu: (pdu) => {
      if (pdu.type === "A-ASSOCIATE-RQ") socket.write(acceptance(pdu));
      else if (pdu.type === "A-RELEASE-RQ") socket.end(writeControlPdu({ type: "A-RELEASE-RP" }));
    },
    fragment: (fragment) => assembler.push(fragment),
  });
  socket.on("data", (chunk: Buffer) => decoder.push(chunk));
}

async function send(port: number, folder: string): Promise<void> {
  const arguments_ = ["+sd", "+r", "127.0.0.1", String(port), folder];
  const [code] = await once(spawn("dcmsend", arguments_, { env: { ...process.env, TCP_NODELAY: "1" } }), "exit");
  if (code !== 0) throw new Error(`dcmsend ended with ${code}`);
}

async function measure(way: Way, folder: string, count: number): Promise<void> {
  const { keep, close } = keeping(way, join(folder, "..", "pack"));
  const options = { noDelay: true, pauseOnConnect: true };
  const server = createServer(options, (socket) => serve(withOwnMemory(socket), keep)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await send(port, folder);
  const [before, start] = [process.cpuUsage(), performance.now()];
  await send(port, folder);
  const { user, system } = process.cpuUsage(before);
  const rate = (count * 1000) / (performance.now() - start);
  console.log(`${way}: ${((user + system) / 1000 / count).toFixed(3)} ms of CPU each, ${rate.toFixed(0)}/s`);
  server.close();
  close();
}

if (isMainThread) {
  const count = Number(process.argv[2] ?? 3000);
  const root = fs.mkdtempSync(join(tmpdir(), "receive-floor-"));
  const folder = join(root, "objects");
  fs.mkdirSync(folder);
  for (let seed = 1; seed <= count; seed++)
    fs.writeFileSync(join(folder, String(seed)), makeImage({ rows: 70, seed }).file);
  for (const way of ways) await measure(way, folder, count);
  fs.rmSync(root, { recursive: true });
} else {
  const append = journalIn(String(workerData));
  parentPort?.on("message", (bytes: ArrayBuffer) => {
    append(new Uint8Array(bytes));
    parentPort?.postMessage(undefined, []);
  });
}
