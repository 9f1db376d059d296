import { duplexPair, type Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { acceptAssociation } from "../../src/dimse/accept-association.ts";
import {
  AbortAssociation,
  type Association,
  type IncomingRequest,
  type RequestHandler,
} from "../../src/dimse/association.ts";
import { commandFields } from "../../src/dimse/command-set.ts";
import { requestAssociation } from "../../src/dimse/request-association.ts";
import { noLog, type Log } from "../../src/util/log.ts";
import { acceptorStream, inChunks, requestorStream } from "./hostile-stream.ts";
import { acceptingAll, collect, collectBytes, requestingAll, verification } from "./memory-association.ts";
import { Random } from "./random.ts";

/** `FUZZ_ASSOCIATIONS=100000` is the large run. Another `FUZZ_SEED` gives other associations. */
const associations = Number(process.env["FUZZ_ASSOCIATIONS"] ?? "3000");
const seed = Number(process.env["FUZZ_SEED"] ?? "1");
const batch = 250;
/** Milliseconds; generous, for a machine that does other things. */
const timeout = 60_000 + 100 * associations;
/** Bytes of the heap that a run may have more at its end than after its first batches. */
const allowedGrowth = 6 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes of the heap that are in use, when everything that can be collected is. */
async function heapInUse(): Promise<number> {
  for (let count = 0; count < 3; count += 1) {
    collectGarbage();
    await turn();
  }
  return process.memoryUsage().heapUsed;
}

const echo = { contextId: 1, command: { CommandField: commandFields["C-ECHO-RQ"], AffectedSOPClassUID: verification } };

/** What has happened, to know that the fuzz reaches everything. */
const newCounts = () => ({
  accepted: 0,
  rejected: 0,
  released: 0,
  failed: 0,
  handlersBegun: 0,
  handlersOver: 0,
  faults: [] as string[],
});
type Counts = ReturnType<typeof newCounts>;

/** A log that counts, and keeps what can only be a fault of this program. */
function countingLog(counts: Counts): Log {
  const count = (line: string): void => {
    if (line.endsWith("accepted")) counts.accepted += 1;
    else if (line.endsWith("released")) counts.released += 1;
    else if (line.includes("rejected:")) counts.rejected += 1;
    else counts.failed += 1;
    if (/(?:Type|Range|Reference)Error|undefined/.test(line)) counts.faults.push(line);
  };
  return { ...noLog, info: count, warn: count };
}

/** Handlers of all tempers. */
function handlerOf(random: Random, counts: Counts): RequestHandler {
  return async function* (request) {
    counts.handlersBegun += 1;
    try {
      const temper = random.below(8);
      if (temper < 4 && request.dataset !== undefined) await collectBytes(request.dataset);
      if (temper === 4) await readOne(request);
      if (temper === 5) await collect(request.association.request(echo));
      if (temper === 6 && random.once(2)) throw new AbortAssociation("not you");
      if (temper === 7) throw new Error("broken");
      if (random.once(2)) await turn();
      for (let index = random.below(4); index > 0; index -= 1) {
        yield { command: { Status: 0xff00 }, dataset: Buffer.alloc(random.pick([10, 1000, 200_000])) };
      }
      if (!random.once(10)) yield { command: { Status: 0 } };
    } finally {
      counts.handlersOver += 1;
    }
  };
}

async function readOne({ dataset }: IncomingRequest): Promise<void> {
  for await (const chunk of dataset ?? []) if (chunk.length > 0) break;
}

/** Sends a stream, reads or does not read what comes back, and leaves or stays. */
async function act(random: Random, peer: Duplex, stream: Buffer): Promise<void> {
  peer.on("error", () => {});
  if (!random.once(10)) peer.resume();
  for (const chunk of inChunks(random, stream)) {
    if (peer.destroyed) break;
    peer.write(chunk);
    if (random.once(20)) await turn();
  }
  for (let turns = random.below(40); turns > 0; turns -= 1) await turn();
  if (random.once(2)) peer.destroy();
}

/** An association under way: the peer has done what it does; this side is through with it. */
interface Attack {
  readonly acted: Promise<unknown>;
  readonly ended: Promise<unknown>;
}

function attackAcceptor(random: Random, counts: Counts): Attack {
  const [peer, socket] = duplexPair();
  const connection = acceptAssociation(socket, "192.0.2.1", {
    ...acceptingAll,
    handle: handlerOf(random, counts),
    log: countingLog(counts),
  });
  return { acted: act(random, peer, requestorStream(random)), ended: connection.ended };
}

function attackRequestor(random: Random, counts: Counts): Attack {
  const [peer, socket] = duplexPair();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const requesting = requestAssociation(socket, () => "192.0.2.2", {
    ...requestingAll,
    handle: handlerOf(random, counts),
    ...(random.once(3) && { window: { invoked: 3, performed: 3 } }),
  });
  requesting.connected();
  const used = requesting.association
    .then((association) => use(random, association))
    .catch(() => {
      counts.failed += 1;
    });
  return { acted: act(random, peer, acceptorStream(random)), ended: Promise.all([used, closed]) };
}

async function use(random: Random, association: Association): Promise<void> {
  const requests = [0x01, 0x20, 0x20, 0x30].slice(0, 1 + random.below(4)).map(async (CommandField) => {
    const dataset = CommandField === 0x30 ? undefined : random.bytes(100);
    const request = { contextId: 1, command: { CommandField, Priority: 0 }, ...(dataset && { dataset }) };
    for await (const { command } of association.request(request))
      if (command.Status === 0xff00 && random.once(4)) break;
  });
  await Promise.allSettled(requests);
  if (random.once(3)) association.abort();
  else await association.release();
}

/** Runs associations in batches; after each, time passes until every timer has done its work. */
async function run(attack: (random: Random, counts: Counts) => Attack): Promise<Counts> {
  const counts = newCounts();
  let heapAfterStart = 0;
  for (let done = 0; done < associations; done += batch) {
    const size = Math.min(batch, associations - done);
    const attacks = Array.from({ length: size }, (_, index) =>
      attack(new Random(seed * 1_000_003 + done + index), counts),
    );
    const open = new Set(attacks.keys());
    for (const [index, { ended }] of attacks.entries()) void ended.then(() => open.delete(index));
    await Promise.all(attacks.map(({ acted }) => acted));
    for (let seconds = 0; seconds < 120; seconds += 10) {
      await vi.advanceTimersByTimeAsync(10_000);
      await turn();
    }
    expect({ seed, done, open: [...open] }).toEqual({ seed, done, open: [] });
    expect(vi.getTimerCount()).toBe(0);
    if (done === 4 * batch) heapAfterStart = await heapInUse();
  }
  if (heapAfterStart > 0) expect((await heapInUse()) - heapAfterStart).toBeLessThan(allowedGrowth);
  expect(counts.faults).toEqual([]);
  expect(counts.handlersOver).toBe(counts.handlersBegun);
  return counts;
}

describe(`hostile peers (${associations} associations, FUZZ_SEED ${seed})`, () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("an acceptor survives them, and every association ends", { timeout }, async () => {
    const counts = await run(attackAcceptor);
    for (const [what, count] of Object.entries(counts)) {
      if (typeof count === "number") expect({ what, often: count > associations / 200 }).toEqual({ what, often: true });
    }
  });

  it("a requestor survives them, and every request ends", { timeout }, async () => {
    const counts = await run(attackRequestor);
    expect(counts.failed).toBeGreaterThan(associations / 50);
    expect(counts.handlersBegun).toBeGreaterThan(associations / 50);
  });
});
