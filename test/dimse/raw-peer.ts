import { once } from "node:events";
import { duplexPair, type Duplex } from "node:stream";
import { acceptAssociation, type AcceptorOptions } from "../../src/dimse/accept-association.ts";
import { encodeCommand } from "../../src/dimse/command-codec.ts";
import { noDataset, type CommandSet } from "../../src/dimse/command-set.ts";
import { writeControlPdu } from "../../src/dimse/control-pdu.ts";
import {
  dicomApplicationContext,
  emptyUserInformation,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ControlPdu,
} from "../../src/dimse/pdu.ts";
import { requestAssociation, type RequestedAssociation } from "../../src/dimse/request-association.ts";
import { packWhole } from "../../src/dimse/pdv-packer.ts";
import { acceptingAll, implicitLittleEndian, requestingAll, verification } from "./memory-association.ts";

/** A PDU as it came: its type and what follows its length. */
export interface RawPdu {
  readonly type: number;
  readonly body: Buffer;
}

/** The P-DATA-TF PDUs of a message in presentation context 1. */
export function messageBytes(command: CommandSet, dataset?: Uint8Array): Buffer {
  return Buffer.concat([
    ...packWhole(1, true, encodeCommand(command), 16000),
    ...(dataset === undefined ? [] : packWhole(1, false, dataset, 16000)),
  ]);
}

/** The other end of a connection that does exactly what a test tells it: no state machine, no timers. */
export class RawPeer {
  readonly #stream: Duplex;
  readonly #pdus: RawPdu[] = [];
  readonly closed: Promise<unknown>;
  #rest = Buffer.alloc(0);

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.closed = once(stream, "end");
    stream.on("data", (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      while (this.#rest.length >= 6 && this.#rest.length >= 6 + this.#rest.readUInt32BE(2)) {
        const end = 6 + this.#rest.readUInt32BE(2);
        this.#pdus.push({ type: this.#rest.readUInt8(), body: this.#rest.subarray(6, end) });
        this.#rest = this.#rest.subarray(end);
      }
    });
  }

  send(...parts: readonly (ControlPdu | Uint8Array)[]): void {
    const bytes = parts.map((part) => (part instanceof Uint8Array ? part : writeControlPdu(part)));
    this.#stream.write(Buffer.concat(bytes));
  }

  /** A command set in presentation context 1, with or without a dataset. */
  sendMessage(command: CommandSet, dataset?: Uint8Array): void {
    this.send(messageBytes(command, dataset));
  }

  /** The next PDU. */
  async next(): Promise<RawPdu> {
    for (;;) {
      const pdu = this.#pdus.shift();
      if (pdu !== undefined) return pdu;
      await once(this.#stream, "data");
    }
  }

  /** The types of the PDUs that have come and were not taken by `next`. */
  get types(): readonly number[] {
    return this.#pdus.map(({ type }) => type);
  }

  /** Reads nothing more. */
  stopReading(): void {
    this.#stream.pause();
  }

  resumeReading(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** An A-ASSOCIATE-RQ for verification. */
export const rawRequest: AssociateRequestPdu = {
  type: "A-ASSOCIATE-RQ",
  protocolVersion: 1,
  calledAet: "ACCEPTOR",
  callingAet: "RAW",
  applicationContext: dicomApplicationContext,
  contexts: [{ id: 1, abstractSyntax: verification, transferSyntaxes: [implicitLittleEndian] }],
  user: { ...emptyUserInformation, maximumLength: 16384, implementationClassUid: "1.2.3" },
};

/** A C-ECHO-RQ in it. */
export const rawEchoCommand = {
  AffectedSOPClassUID: verification,
  CommandField: 0x30,
  MessageID: 1,
  CommandDataSetType: noDataset,
};

/** An A-ASSOCIATE-AC for what `rawRequest` proposes. */
export const rawAcceptance: AssociateAcceptPdu = {
  ...rawRequest,
  type: "A-ASSOCIATE-AC",
  contexts: [{ id: 1, result: 0, transferSyntax: implicitLittleEndian }],
};

/** An acceptor and the bare other end of its connection. */
export function rawRequestor(options: Partial<AcceptorOptions> = {}) {
  const [stream, socket] = duplexPair();
  const connection = acceptAssociation(socket, "192.0.2.1", { ...acceptingAll, ...options });
  return { peer: new RawPeer(stream), connection };
}

/** A requestor and the bare other end of its connection. */
export function rawAcceptor(options: Partial<RequestedAssociation> = {}) {
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
export async function rawEstablished(options: Partial<RequestedAssociation> = {}) {
  const { peer, association } = rawAcceptor(options);
  await peer.next();
  peer.send(rawAcceptance);
  return { peer, association: await association };
}
