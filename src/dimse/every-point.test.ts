import { describe, expect, it } from "vitest";
import { associateInMemory, collect, verification } from "../../test/dimse/memory-association.ts";
import {
  messageBytes,
  type RawPeer,
  rawAcceptance,
  rawAcceptor,
  rawEchoCommand as echoCommand,
  rawRequest,
  rawRequestor,
} from "../../test/dimse/raw-peer.ts";
import type { OutgoingRequest } from "./association.ts";
import { noDataset, withDataset } from "./command-set.ts";
import { writeControlPdu } from "./control-pdu.ts";

const echo: OutgoingRequest = { contextId: 1, command: { CommandField: 0x30, AffectedSOPClassUID: verification } };

describe("an end at every point", () => {
  /** What a requestor sends in a whole association: associate, C-STORE, release. */
  const requestorBytes = Buffer.concat([
    writeControlPdu(rawRequest),
    messageBytes({ ...echoCommand, CommandField: 1, CommandDataSetType: withDataset }, Buffer.alloc(40)),
    writeControlPdu({ type: "A-RELEASE-RQ" }),
  ]);
  const acceptorBytes = Buffer.concat([
    writeControlPdu(rawAcceptance),
    messageBytes({ CommandField: 0x8030, MessageIDBeingRespondedTo: 1, Status: 0, CommandDataSetType: noDataset }),
  ]);

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
    for (let length = 0; length <= requestorBytes.length; length += 1) {
      let begun = 0;
      let over = 0;
      const { peer, connection } = rawRequestor({
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
      peer.send(requestorBytes.subarray(0, length));
      end(peer);
      await connection.ended;
      await new Promise((resolve) => setImmediate(resolve));
      expect({ length, over }).toEqual({ length, over: begun });
    }
  });

  it("a requestor whose peer goes away at any byte of its answer fails or succeeds, but ends", async () => {
    for (let length = 0; length < acceptorBytes.length; length += 1) {
      const { peer, association } = rawAcceptor();
      peer.send(acceptorBytes.subarray(0, length));
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
