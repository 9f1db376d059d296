import { describe, expect, it } from "vitest";
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
import { encodeCommand } from "./command-codec.ts";
import { noDataset, withDataset } from "./command-set.ts";
import { pduTypes } from "./pdu.ts";
import { packWhole } from "./pdv-packer.ts";

const echo: OutgoingRequest = { contextId: 1, command: { CommandField: 0x30, AffectedSOPClassUID: verification } };

describe("establishment (PS3.8 §7.1, §9.3.4)", () => {
  it("is accepted with what was negotiated", async () => {
    const { peer } = rawRequestor();
    peer.send(rawRequest);
    expect((await peer.next()).type).toBe(pduTypes["A-ASSOCIATE-AC"]);
  });

  it.each([
    ["another protocol version", { protocolVersion: 2 }, [0, 1, 2, 2]],
    ["another application context", { applicationContext: "1.2.3" }, [0, 1, 1, 2]],
    ["a calling title with a control character", { callingAet: "A\nB" }, [0, 1, 1, 1]],
    ["an empty called title", { calledAet: "" }, [0, 1, 1, 1]],
  ])("is rejected with %s", async (_, change, body) => {
    const { peer, connection } = rawRequestor();
    peer.send({ ...rawRequest, ...change });
    expect(await peer.next()).toEqual({ type: pduTypes["A-ASSOCIATE-RJ"], body: Buffer.from(body) });
    peer.close();
    await connection.ended;
  });

  it("is rejected as the acceptor decides", async () => {
    const { peer } = rawRequestor({
      decide: () => ({ accept: false, result: 2, source: 3, reason: 1, why: "it is full" }),
    });
    peer.send(rawRequest);
    expect(await peer.next()).toEqual({ type: pduTypes["A-ASSOCIATE-RJ"], body: Buffer.of(0, 2, 3, 1) });
  });

  it("tells the requestor why it was rejected", async () => {
    const { peer, association } = rawAcceptor();
    peer.send({ type: "A-ASSOCIATE-RJ", result: 1, source: 1, reason: 7 });
    await expect(association).rejects.toMatchObject({
      failure: "rejected",
      message: "The association was rejected: called AE title not recognized (permanent)",
    });
    await peer.closed;
  });

  it("tells the requestor when the connection closes before the answer", async () => {
    const { peer, association } = rawAcceptor();
    peer.close();
    await expect(association).rejects.toMatchObject({ failure: "network" });
  });

  it("can be given up", async () => {
    const giveUp = new AbortController();
    const { peer, association } = rawAcceptor({ signal: giveUp.signal });
    expect((await peer.next()).type).toBe(1);
    giveUp.abort();
    await expect(association).rejects.toMatchObject({ failure: "aborted" });
    expect((await peer.next()).type).toBe(pduTypes["A-ABORT"]);
  });
});

describe("release (PS3.8 §7.2)", () => {
  it("of the requestor is answered", async () => {
    const { peer, connection } = rawRequestor();
    peer.send(rawRequest);
    await peer.next();
    peer.send({ type: "A-RELEASE-RQ" });
    expect((await peer.next()).type).toBe(pduTypes["A-RELEASE-RP"]);
    peer.close();
    await connection.ended;
  });

  it("of this requestor closes the connection when it is answered", async () => {
    const { peer, association } = await rawEstablished();
    const released = association.release();
    expect((await peer.next()).type).toBe(pduTypes["A-RELEASE-RQ"]);
    peer.send({ type: "A-RELEASE-RP" });
    await peer.closed;
    peer.close();
    await released;
  });

  it("of both sides at once ends too (release collision, AR-8)", async () => {
    const { peer, association } = await rawEstablished();
    const released = association.release();
    expect((await peer.next()).type).toBe(pduTypes["A-RELEASE-RQ"]);
    peer.send({ type: "A-RELEASE-RQ" });
    expect((await peer.next()).type).toBe(pduTypes["A-RELEASE-RP"]);
    peer.send({ type: "A-RELEASE-RP" });
    await peer.closed;
    peer.close();
    await released;
  });

  it("of both sides at once ends on the acceptor's side too", async () => {
    const { peer, connection } = rawRequestor({
      handle: async function* ({ association }) {
        void association.release();
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    expect((await peer.next()).type).toBe(pduTypes["A-RELEASE-RQ"]);
    peer.send({ type: "A-RELEASE-RQ" }, { type: "A-RELEASE-RP" });
    expect((await peer.next()).type).toBe(pduTypes["A-RELEASE-RP"]);
    peer.close();
    await connection.ended;
  });

  it("still takes responses after its request", async () => {
    const { peer, association } = await rawEstablished();
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
    const { peer, connection } = rawRequestor();
    peer.send(rawRequest);
    await peer.next();
    peer.send(...parts);
    expect(await peer.next()).toEqual({ type: pduTypes["A-ABORT"], body: Buffer.of(0, 0, 2, reason) });
    peer.close();
    await connection.ended;
  });

  it("a P-DATA-TF where the A-ASSOCIATE-RQ should be is answered by an A-ABORT (AA-1)", async () => {
    const { peer } = rawRequestor();
    peer.sendMessage(echoCommand);
    expect(await peer.next()).toEqual({ type: pduTypes["A-ABORT"], body: Buffer.of(0, 0, 0, 0) });
  });

  it.each([
    ["of another command", { CommandField: 0x8001, Status: 0 }],
    ["without a status", { CommandField: 0x8030 }],
  ])("a response %s fails the request", async (_, change) => {
    const { peer, association } = await rawEstablished();
    const answered = collect(association.request(echo));
    await peer.next();
    peer.sendMessage({ CommandDataSetType: noDataset, MessageIDBeingRespondedTo: 1, ...change });
    await expect(answered).rejects.toMatchObject({ failure: "protocol" });
  });

  it("a Message ID that is in use is answered by 0x0210, an unknown command by 0x0211", async () => {
    const { peer } = rawRequestor({
      handle: async function* () {
        await new Promise((resolve) => setImmediate(resolve));
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    const again = { ...echoCommand, MessageID: 2, CommandField: 0x31 };
    peer.send(messageBytes(echoCommand), messageBytes(echoCommand), messageBytes(again));
    const text = [await peer.next(), await peer.next(), await peer.next()].map(({ body }) => body.toString("hex"));
    // Status (0000,0900) of 2 bytes, little endian.
    expect(text.map((hex) => /0000000902000000(....)/.exec(hex)?.[1])).toEqual(["0000", "1002", "1102"]);
  });

  it("more requests than may be under way, before a response that is waited for, end the association", async () => {
    const { peer } = rawRequestor({
      handle: async function* ({ association }) {
        await collect(association.request(echo));
        yield { command: { Status: 0 } };
      },
    });
    peer.send(rawRequest);
    await peer.next();
    peer.sendMessage(echoCommand);
    expect((await peer.next()).type).toBe(pduTypes["P-DATA-TF"]);
    for (let MessageID = 2; MessageID < 40; MessageID += 1) peer.sendMessage({ ...echoCommand, MessageID });
    expect((await peer.next()).type).toBe(pduTypes["A-ABORT"]);
  });

  it("so does a large dataset of a request whose turn has not come", async () => {
    const { peer } = rawRequestor({
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
    expect((await peer.next()).type).toBe(pduTypes["A-ABORT"]);
  });
});
