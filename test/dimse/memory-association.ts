import { duplexPair, type Duplex } from "node:stream";
import {
  acceptAssociation,
  type AcceptedConnection,
  type AcceptorOptions,
} from "../../src/dimse/accept-association.ts";
import type { Association } from "../../src/dimse/association.ts";
import { requestAssociation, type RequestedAssociation } from "../../src/dimse/request-association.ts";
import { noLog } from "../../src/util/log.ts";

export const verification = "1.2.840.10008.1.1";
export const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
export const studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
export const implicitLittleEndian = "1.2.840.10008.1.2";

/** Accepts everything, and answers everything with success. */
export const acceptingAll: AcceptorOptions = {
  maximumPduLength: 16384,
  timeout: 30,
  artim: 10,
  decide: () => ({
    accept: true,
    policyOf: () => ({ choose: (proposed) => proposed[0], roles: { scu: true, scp: true } }),
  }),
  handle: async function* () {
    yield { command: { Status: 0 } };
  },
  log: noLog,
};

/** Proposes verification (1), CT (3) and study root find (5). */
export const requestingAll: RequestedAssociation = {
  callingAet: "REQUESTOR",
  calledAet: "ACCEPTOR",
  contexts: [verification, ctImageStorage, studyRootFind].map((abstractSyntax) => ({
    abstractSyntax,
    transferSyntaxes: [implicitLittleEndian],
  })),
  maximumPduLength: 16384,
  timeout: 30,
  log: noLog,
};

export interface MemoryAssociation {
  readonly requestor: Association;
  readonly acceptor: AcceptedConnection;
  readonly sockets: { readonly requestor: Duplex; readonly acceptor: Duplex };
}

/** An association between two sides of this process, without a network. */
export async function associateInMemory(
  acceptor: Partial<AcceptorOptions> = {},
  requestor: Partial<RequestedAssociation> = {},
): Promise<MemoryAssociation> {
  const [requestorSocket, acceptorSocket] = duplexPair();
  const accepted = acceptAssociation(acceptorSocket, "192.0.2.1", { ...acceptingAll, ...acceptor });
  const requesting = requestAssociation(requestorSocket, () => "192.0.2.2", { ...requestingAll, ...requestor });
  requesting.connected();
  return {
    requestor: await requesting.association,
    acceptor: accepted,
    sockets: { requestor: requestorSocket, acceptor: acceptorSocket },
  };
}

/** All that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function collectBytes(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collect(pieces));
}
