import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collect, verification } from "../../test/dimse/memory-association.ts";
import {
  messageBytes,
  rawAcceptance,
  rawAcceptor,
  rawEchoCommand as echoCommand,
  rawEstablished,
  rawRequest,
  rawRequestor,
} from "../../test/dimse/raw-peer.ts";
import type { OutgoingRequest } from "./association.ts";
import { withDataset } from "./command-set.ts";
import { pduTypes } from "./pdu.ts";

const echo: OutgoingRequest = { contextId: 1, command: { CommandField: 0x30, AffectedSOPClassUID: verification } };

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("a connection without an A-ASSOCIATE-RQ is closed after ARTIM (PS3.8 §9.1.5)", async () => {
    const { peer, connection } = rawRequestor({ artim: 7 });
    await vi.advanceTimersByTimeAsync(6900);
    peer.send(Buffer.of(1, 0, 0));
    await vi.advanceTimersByTimeAsync(200);
    await connection.ended;
    await peer.closed;
  });

  it("a peer that does not close after an A-ABORT is cut off after ARTIM", async () => {
    const { peer, connection } = rawRequestor({ artim: 7 });
    peer.send(rawRequest);
    await peer.next();
    peer.send(Buffer.from("090000000000", "hex"));
    expect((await peer.next()).type).toBe(pduTypes["A-ABORT"]);
    await vi.advanceTimersByTimeAsync(7001);
    await connection.ended;
  });

  it("a peer that does not close after a rejection or a release is cut off after ARTIM", async () => {
    const rejected = rawRequestor({ artim: 7 });
    rejected.peer.send({ ...rawRequest, protocolVersion: 2 });
    const released = rawRequestor({ artim: 7 });
    released.peer.send(rawRequest, { type: "A-RELEASE-RQ" });
    await released.peer.next();
    expect((await rejected.peer.next()).type).toBe(pduTypes["A-ASSOCIATE-RJ"]);
    expect((await released.peer.next()).type).toBe(pduTypes["A-RELEASE-RP"]);
    await vi.advanceTimersByTimeAsync(7001);
    await Promise.all([rejected.connection.ended, released.connection.ended]);
  });

  const incomplete = messageBytes({ ...echoCommand, CommandDataSetType: withDataset });
  it.each([
    ["between requests", Buffer.alloc(0)],
    ["amidst a command", incomplete.subarray(0, 20)],
    ["before the dataset", incomplete],
    ["amidst a dataset", Buffer.concat([incomplete, Buffer.from("0400000000100000000c01007878", "hex")])],
  ])("an acceptor aborts an association that is silent %s", async (_, bytes) => {
    const { peer, connection } = rawRequestor({
      timeout: 30,
      handle: async function* ({ dataset }) {
        if (dataset !== undefined) await collect(dataset);
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    await vi.advanceTimersByTimeAsync(29_000);
    peer.send(bytes.length === 0 ? messageBytes(echoCommand) : bytes);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(peer.types.filter((type) => type !== pduTypes["P-DATA-TF"])).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(peer.types.filter((type) => type !== pduTypes["P-DATA-TF"])).toEqual([pduTypes["A-ABORT"]]);
    await vi.advanceTimersByTimeAsync(10_001);
    await connection.ended;
  });

  it("an acceptor does not count the time that its own handler takes", async () => {
    const go = Promise.withResolvers<void>();
    const { peer } = rawRequestor({
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
    expect((await peer.next()).type).toBe(pduTypes["P-DATA-TF"]);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(peer.types).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await peer.next()).type).toBe(pduTypes["A-ABORT"]);
  });

  it("an acceptor gives up a handler that waits for a response before it reads its dataset", async () => {
    const { peer, connection } = rawRequestor({
      timeout: 30,
      handle: async function* ({ association }) {
        await collect(association.request(echo));
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage({ ...echoCommand, CommandDataSetType: withDataset }, Buffer.alloc(600_000));
    await peer.next();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(peer.types).toEqual([pduTypes["A-ABORT"]]);
    peer.close();
    await connection.ended;
  });

  it("an acceptor gives up a peer that does not read", async () => {
    const { peer, connection } = rawRequestor({
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
    ["the answer to its A-ASSOCIATE-RQ", async () => rawAcceptor({ timeout: 10 }).association],
    [
      "a response",
      async () => {
        const { association } = await rawEstablished({ timeout: 10 });
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

  it("a requestor does not count the time that its handler takes, but that of the answer to its handler", async () => {
    const go = Promise.withResolvers<void>();
    const asynchronousWindow = { invoked: 2, performed: 2 };
    const { peer, association: opening } = rawAcceptor({
      timeout: 10,
      handle: async function* (request) {
        await go.promise;
        await collect(request.association.request(echo));
        yield { command: { Status: 0 } };
      },
      window: asynchronousWindow,
    });
    peer.send({ ...rawAcceptance, user: { ...rawAcceptance.user, asynchronousWindow } });
    const association = await opening;
    const answered = collect(association.request(echo)).catch((error: unknown) => error);
    peer.sendMessage(echoCommand);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(association.isOpen).toBe(true);
    go.resolve();
    await vi.advanceTimersByTimeAsync(10_001);
    expect(await answered).toMatchObject({ failure: "timeout" });
  });

  it("a requestor keeps an association that it does not use", async () => {
    const { peer, association } = await rawEstablished({ timeout: 10 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(association.isOpen).toBe(true);
    expect(peer.types).toEqual([]);
  });

  it("a requestor whose release is not answered ends all the same", async () => {
    const { peer, association } = await rawEstablished({ timeout: 10 });
    const released = association.release();
    await vi.advanceTimersByTimeAsync(10_001);
    expect(peer.types).toEqual([pduTypes["A-RELEASE-RQ"], pduTypes["A-ABORT"]]);
    await vi.advanceTimersByTimeAsync(10_001);
    await released;
  });

  it("0 seconds are no limit", async () => {
    const { peer } = rawRequestor({ timeout: 0 });
    peer.send(rawRequest);
    await peer.next();
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(peer.types).toEqual([]);
  });
});
