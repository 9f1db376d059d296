import { duplexPair } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  acceptingAll,
  associateInMemory,
  collect,
  requestingAll,
  verification,
} from "../../test/dimse/memory-association.ts";
import { RawPeer, rawAcceptance, rawRequest } from "../../test/dimse/raw-peer.ts";
import { acceptAssociation, type AcceptorOptions } from "./accept-association.ts";
import type { OutgoingRequest } from "./association.ts";
import { encodeCommand } from "./command-codec.ts";
import { noDataset, withDataset } from "./command-set.ts";
import { packWhole } from "./pdv-packer.ts";
import { requestAssociation, type RequestedAssociation } from "./request-association.ts";

const pdu = { accept: 2, reject: 3, data: 4, releaseRequest: 5, releaseResponse: 6, abort: 7 };
const echoCommand = {
  AffectedSOPClassUID: verification,
  CommandField: 0x30,
  MessageID: 1,
  CommandDataSetType: noDataset,
};
const echo: OutgoingRequest = { contextId: 1, command: { CommandField: 0x30, AffectedSOPClassUID: verification } };

/** An acceptor and the bare other end of its connection. */
function acceptor(options: Partial<AcceptorOptions> = {}) {
  const [stream, socket] = duplexPair();
  const connection = acceptAssociation(socket, "192.0.2.1", { ...acceptingAll, ...options });
  return { peer: new RawPeer(stream), connection };
}

/** A requestor and the bare other end of its connection. */
function requestor(options: Partial<RequestedAssociation> = {}) {
  const [stream, socket] = duplexPair();
  const requesting = requestAssociation(socket, () => "192.0.2.2", {
    ...requestingAll,
    contexts: requestingAll.contexts.slice(0, 1),
    ...options,
  });
  requesting.connected();
  return { peer: new RawPeer(stream), association: requesting.association };
}

/** An established association of a requestor. */
async function established(options: Partial<RequestedAssociation> = {}) {
  const { peer, association } = requestor(options);
  await peer.next();
  peer.send(rawAcceptance);
  return { peer, association: await association };
}

describe("establishment (PS3.8 §7.1, §9.3.4)", () => {
  it("is accepted with what was negotiated", async () => {
    const { peer } = acceptor();
    peer.send(rawRequest);
    expect((await peer.next()).type).toBe(pdu.accept);
  });

  it.each([
    ["another protocol version", { protocolVersion: 2 }, [0, 1, 2, 2]],
    ["another application context", { applicationContext: "1.2.3" }, [0, 1, 1, 2]],
    ["a calling title with a control character", { callingAet: "A\nB" }, [0, 1, 1, 1]],
    ["an empty called title", { calledAet: "" }, [0, 1, 1, 1]],
  ])("is rejected with %s", async (_, change, body) => {
    const { peer, connection } = acceptor();
    peer.send({ ...rawRequest, ...change });
    expect(await peer.next()).toEqual({ type: pdu.reject, body: Buffer.from(body) });
    peer.close();
    await connection.ended;
  });

  it("is rejected as the acceptor decides", async () => {
    const { peer } = acceptor({
      decide: () => ({ accept: false, result: 2, source: 3, reason: 1, why: "it is full" }),
    });
    peer.send(rawRequest);
    expect(await peer.next()).toEqual({ type: pdu.reject, body: Buffer.of(0, 2, 3, 1) });
  });

  it("tells the requestor why it was rejected", async () => {
    const { peer, association } = requestor();
    peer.send({ type: "A-ASSOCIATE-RJ", result: 1, source: 1, reason: 7 });
    await expect(association).rejects.toMatchObject({
      failure: "rejected",
      message: "The association was rejected: called AE title not recognized (permanent)",
    });
    await peer.closed;
  });

  it("tells the requestor when the connection closes before the answer", async () => {
    const { peer, association } = requestor();
    peer.close();
    await expect(association).rejects.toMatchObject({ failure: "network" });
  });

  it("can be given up", async () => {
    const giveUp = new AbortController();
    const { peer, association } = requestor({ signal: giveUp.signal });
    expect((await peer.next()).type).toBe(1);
    giveUp.abort();
    await expect(association).rejects.toMatchObject({ failure: "aborted" });
    expect((await peer.next()).type).toBe(pdu.abort);
  });
});

describe("release (PS3.8 §7.2)", () => {
  it("of the requestor is answered", async () => {
    const { peer, connection } = acceptor();
    peer.send(rawRequest);
    await peer.next();
    peer.send({ type: "A-RELEASE-RQ" });
    expect((await peer.next()).type).toBe(pdu.releaseResponse);
    peer.close();
    await connection.ended;
  });

  it("of this requestor closes the connection when it is answered", async () => {
    const { peer, association } = await established();
    const released = association.release();
    expect((await peer.next()).type).toBe(pdu.releaseRequest);
    peer.send({ type: "A-RELEASE-RP" });
    await peer.closed;
    peer.close();
    await released;
  });

  it("of both sides at once ends too (release collision, AR-8)", async () => {
    const { peer, association } = await established();
    const released = association.release();
    expect((await peer.next()).type).toBe(pdu.releaseRequest);
    peer.send({ type: "A-RELEASE-RQ" });
    expect((await peer.next()).type).toBe(pdu.releaseResponse);
    peer.send({ type: "A-RELEASE-RP" });
    await peer.closed;
    peer.close();
    await released;
  });

  it("of both sides at once ends on the acceptor's side too", async () => {
    const { peer, connection } = acceptor({
      handle: async function* ({ association }) {
        void association.release();
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    expect((await peer.next()).type).toBe(pdu.releaseRequest);
    peer.send({ type: "A-RELEASE-RQ" }, { type: "A-RELEASE-RP" });
    expect((await peer.next()).type).toBe(pdu.releaseResponse);
    peer.close();
    await connection.ended;
  });

  it("still takes responses after its request", async () => {
    const { peer, association } = await established();
    const answered = collect(association.request(echo));
    await peer.next();
    const released = association.release();
    await peer.next();
    peer.sendMessage({ CommandField: 0x8030, MessageIDBeingRespondedTo: 1, Status: 0, CommandDataSetType: noDataset });
    peer.send({ type: "A-RELEASE-RP" });
    expect(await answered).toMatchObject([{ command: { Status: 0 } }]);
    peer.close();
    await released;
  });
});

describe("offences of the other side", () => {
  const response = { CommandField: 0x8030, MessageIDBeingRespondedTo: 9, Status: 0, CommandDataSetType: noDataset };
  it.each([
    ["a PDU of an unknown type", [Buffer.from("090000000000", "hex")], 1],
    ["an A-ASSOCIATE-AC", [rawAcceptance], 2],
    ["an A-RELEASE-RP", [{ type: "A-RELEASE-RP" } as const], 2],
    ["a presentation context that was not accepted", packWhole(3, true, encodeCommand(echoCommand), 100), 6],
    ["a malformed command set", packWhole(1, true, Buffer.from("nonsense"), 100), 6],
    ["a response that nobody asked for", packWhole(1, true, encodeCommand(response), 100), 6],
    [
      "a request without Message ID",
      packWhole(1, true, encodeCommand({ CommandField: 0x30, CommandDataSetType: noDataset }), 100),
      6,
    ],
    ["a P-DATA-TF above the maximum length", [Buffer.from("0400000f00000000", "hex")], 6],
  ] as const)("%s is answered by an A-ABORT of the service-provider", async (_, parts, reason) => {
    const { peer, connection } = acceptor();
    peer.send(rawRequest);
    await peer.next();
    peer.send(...parts);
    expect(await peer.next()).toEqual({ type: pdu.abort, body: Buffer.of(0, 0, 2, reason) });
    peer.close();
    await connection.ended;
  });

  it("a P-DATA-TF where the A-ASSOCIATE-RQ should be is answered by an A-ABORT (AA-1)", async () => {
    const { peer } = acceptor();
    peer.sendMessage(echoCommand);
    expect(await peer.next()).toEqual({ type: pdu.abort, body: Buffer.of(0, 0, 0, 0) });
  });

  it.each([
    ["of another command", { CommandField: 0x8001, Status: 0 }],
    ["without a status", { CommandField: 0x8030 }],
  ])("a response %s fails the request", async (_, change) => {
    const { peer, association } = await established();
    const answered = collect(association.request(echo));
    await peer.next();
    peer.sendMessage({ CommandDataSetType: noDataset, MessageIDBeingRespondedTo: 1, ...change });
    await expect(answered).rejects.toMatchObject({ failure: "protocol" });
  });

  it("a Message ID that is in use is answered by 0x0210, an unknown command by 0x0211", async () => {
    const go = Promise.withResolvers<void>();
    const { peer } = acceptor({
      handle: async function* () {
        await go.promise;
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    peer.sendMessage(echoCommand);
    peer.sendMessage({ ...echoCommand, MessageID: 2, CommandField: 0x31 });
    go.resolve();
    const text = [await peer.next(), await peer.next(), await peer.next()].map(({ body }) => body.toString("hex"));
    // Status (0000,0900) of 2 bytes, little endian.
    expect(text.map((hex) => /0000000902000000(....)/.exec(hex)?.[1])).toEqual(["0000", "1002", "1102"]);
  });

  it("more requests than may be under way, before a response that is waited for, end the association", async () => {
    const { peer } = acceptor({
      handle: async function* ({ association }) {
        await collect(association.request(echo));
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    expect((await peer.next()).type).toBe(pdu.data);
    for (let MessageID = 2; MessageID < 40; MessageID += 1) peer.sendMessage({ ...echoCommand, MessageID });
    expect((await peer.next()).type).toBe(pdu.abort);
  });

  it("so does a large dataset of a request whose turn has not come", async () => {
    const { peer } = acceptor({
      handle: async function* ({ association }) {
        await collect(association.request(echo));
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    await peer.next();
    peer.sendMessage(
      { ...echoCommand, MessageID: 2, CommandField: 1, CommandDataSetType: withDataset },
      Buffer.alloc(300_000),
    );
    expect((await peer.next()).type).toBe(pdu.abort);
  });
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("a connection without an A-ASSOCIATE-RQ is closed after ARTIM (PS3.8 §9.1.5)", async () => {
    const { peer, connection } = acceptor({ artim: 7 });
    await vi.advanceTimersByTimeAsync(6900);
    peer.send(Buffer.of(1, 0, 0));
    await vi.advanceTimersByTimeAsync(200);
    await connection.ended;
    await peer.closed;
  });

  it("a peer that does not close after an A-ABORT is cut off after ARTIM", async () => {
    const { peer, connection } = acceptor({ artim: 7 });
    peer.send(rawRequest);
    await peer.next();
    peer.send(Buffer.from("090000000000", "hex"));
    expect((await peer.next()).type).toBe(pdu.abort);
    await vi.advanceTimersByTimeAsync(7001);
    await connection.ended;
  });

  it("a peer that does not close after a rejection or a release is cut off after ARTIM", async () => {
    const rejected = acceptor({ artim: 7 });
    rejected.peer.send({ ...rawRequest, protocolVersion: 2 });
    const released = acceptor({ artim: 7 });
    released.peer.send(rawRequest, { type: "A-RELEASE-RQ" });
    await released.peer.next();
    expect((await rejected.peer.next()).type).toBe(pdu.reject);
    expect((await released.peer.next()).type).toBe(pdu.releaseResponse);
    await vi.advanceTimersByTimeAsync(7001);
    await Promise.all([rejected.connection.ended, released.connection.ended]);
  });

  const incomplete = Buffer.concat(packWhole(1, true, encodeCommand({ ...echoCommand, CommandDataSetType: 0 }), 100));
  it.each([
    ["between requests", Buffer.alloc(0)],
    ["amidst a command", incomplete.subarray(0, 20)],
    ["before the dataset", incomplete],
    ["amidst a dataset", Buffer.concat([incomplete, Buffer.from("0400000000100000000c01007878", "hex")])],
  ])("an acceptor aborts an association that is silent %s", async (_, bytes) => {
    const { peer, connection } = acceptor({
      timeout: 30,
      handle: async function* ({ dataset }) {
        if (dataset !== undefined) await collect(dataset);
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    await vi.advanceTimersByTimeAsync(29_000);
    peer.send(bytes.length === 0 ? Buffer.concat(packWhole(1, true, encodeCommand(echoCommand), 100)) : bytes);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(peer.types.filter((type) => type !== pdu.data)).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(peer.types.filter((type) => type !== pdu.data)).toEqual([pdu.abort]);
    await vi.advanceTimersByTimeAsync(10_001);
    await connection.ended;
  });

  it("an acceptor does not count the time that its own handler takes", async () => {
    const go = Promise.withResolvers<void>();
    const { peer } = acceptor({
      timeout: 30,
      handle: async function* () {
        await go.promise;
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(peer.types).toEqual([]);
    go.resolve();
    expect((await peer.next()).type).toBe(pdu.data);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(peer.types).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await peer.next()).type).toBe(pdu.abort);
  });

  it("an acceptor gives up a peer that does not read", async () => {
    const { peer, connection } = acceptor({
      timeout: 30,
      handle: async function* () {
        for (;;) yield { command: { Status: 0xff00 }, dataset: Buffer.alloc(50_000) };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.stopReading();
    peer.sendMessage({ ...echoCommand, CommandField: 0x20 });
    await vi.advanceTimersByTimeAsync(31_000);
    await vi.advanceTimersByTimeAsync(10_001);
    await connection.ended;
  });

  it.each([
    ["the answer to its A-ASSOCIATE-RQ", async () => requestor({ timeout: 10 }).association],
    [
      "a response",
      async () => {
        const { association } = await established({ timeout: 10 });
        return collect(association.request(echo));
      },
    ],
  ])("a requestor waits for %s as long as it was told", async (_, wait) => {
    const failed = expect(wait()).rejects.toMatchObject({
      failure: "timeout",
      message: "No sign of life for 10 seconds",
    });
    await vi.advanceTimersByTimeAsync(10_001);
    await failed;
  });

  it("a requestor keeps an association that it does not use", async () => {
    const { peer, association } = await established({ timeout: 10 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(association.isOpen).toBe(true);
    expect(peer.types).toEqual([]);
  });

  it("a requestor whose release is not answered ends all the same", async () => {
    const { peer, association } = await established({ timeout: 10 });
    const released = association.release();
    await vi.advanceTimersByTimeAsync(10_001);
    expect(peer.types).toEqual([pdu.releaseRequest, pdu.abort]);
    await vi.advanceTimersByTimeAsync(10_001);
    await released;
  });

  it("0 seconds are no limit", async () => {
    const { peer } = acceptor({ timeout: 0 });
    peer.send(rawRequest);
    await peer.next();
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(peer.types).toEqual([]);
  });
});

describe("an end at every point", () => {
  /** What a requestor sends in a whole association: associate, C-STORE in two PDVs, release. */
  const stream = (): Buffer => {
    const bytes: Buffer[] = [];
    const [near, far] = duplexPair();
    far.on("data", (chunk: Buffer) => bytes.push(chunk));
    const peer = new RawPeer(near);
    peer.send(rawRequest);
    peer.sendMessage({ ...echoCommand, CommandField: 1, CommandDataSetType: withDataset }, Buffer.alloc(40));
    peer.send({ type: "A-RELEASE-RQ" });
    return Buffer.concat(bytes);
  };

  it.each([
    ["closes the connection", (peer: RawPeer) => peer.close()],
    [
      "aborts",
      (peer: RawPeer) => {
        peer.send({ type: "A-ABORT", source: 0, reason: 0 });
        peer.close();
      },
    ],
  ])("the association of a peer that %s after any byte is over, and its handler told", async (_, end) => {
    const [near, far] = duplexPair();
    const bytes: Buffer[] = [];
    far.on("data", (chunk: Buffer) => bytes.push(chunk));
    const source = new RawPeer(near);
    source.send(rawRequest);
    source.sendMessage({ ...echoCommand, CommandField: 1, CommandDataSetType: withDataset }, Buffer.alloc(40));
    source.send({ type: "A-RELEASE-RQ" });
    await new Promise((resolve) => process.nextTick(resolve));
    const whole = Buffer.concat(bytes);
    expect(whole.length).toBeGreaterThan(300);
    for (let length = 0; length <= whole.length; length += 1) {
      let begun = 0;
      let over = 0;
      const { peer, connection } = acceptor({
        handle: async function* ({ dataset }) {
          begun += 1;
          try {
            if (dataset !== undefined) await collect(dataset);
            yield { command: { Status: 0 } };
          } finally {
            over += 1;
          }
        },
      });
      peer.send(whole.subarray(0, length));
      end(peer);
      await connection.ended;
      await new Promise((resolve) => setImmediate(resolve));
      expect({ length, over }).toEqual({ length, over: begun });
    }
    expect(stream).toBeDefined();
  });

  it("a requestor whose peer goes away at any byte of its answer fails or succeeds, but ends", async () => {
    const whole: Buffer[] = [];
    const [near, far] = duplexPair();
    far.on("data", (chunk: Buffer) => whole.push(chunk));
    const source = new RawPeer(near);
    source.send(rawAcceptance);
    source.sendMessage({
      CommandField: 0x8030,
      MessageIDBeingRespondedTo: 1,
      Status: 0,
      CommandDataSetType: noDataset,
    });
    await new Promise((resolve) => process.nextTick(resolve));
    const bytes = Buffer.concat(whole);
    for (let length = 0; length < bytes.length; length += 1) {
      const { peer, association } = requestor();
      peer.send(bytes.subarray(0, length));
      const answered = association.then((opened) => collect(opened.request(echo)));
      peer.close();
      await expect(answered).rejects.toMatchObject({ failure: "network" });
    }
  });

  it("an abort of the requestor at every turn of a C-STORE ends both sides", async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const { requestor: association, acceptor: accepted } = await associateInMemory();
      const answered = collect(
        association.request({
          contextId: 3,
          command: { CommandField: 1, Priority: 0 },
          dataset: Buffer.alloc(100_000),
        }),
      ).catch(() => {});
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      association.abort();
      await answered;
      await Promise.all([association.ended, accepted.ended]);
    }
  });
});
