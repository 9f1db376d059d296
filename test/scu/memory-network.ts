import { duplexPair } from "node:stream";
import { acceptAssociation, type AcceptorOptions } from "../../src/dimse/accept-association.ts";
import type { IncomingRequest, OutgoingResponse } from "../../src/dimse/association.ts";
import type { Associate, AssociationRequest } from "../../src/dimse/connect.ts";
import { requestAssociation } from "../../src/dimse/request-association.ts";
import { createDicomAssociations, type DicomAssociations } from "../../src/remotes/dicom-associations.ts";
import type { DicomRemote } from "../../src/remotes/dicom-remote.ts";
import { noLog } from "../../src/util/log.ts";

/** A peer in this process: what it was asked, over real associations but without a network. */
export interface MemoryPeer {
  readonly associate: Associate;
  readonly associations: DicomAssociations;
  /** Associations that were opened. */
  readonly opened: readonly AssociationRequest[];
  readonly received: readonly ReceivedRequest[];
}

export interface ReceivedRequest {
  readonly request: IncomingRequest;
  /** The whole dataset; empty when there was none. */
  readonly dataset: Buffer;
}

export interface MemoryPeerOptions {
  /** Of each proposed context, the transfer syntax to be taken; undefined refuses it. Default: the first that is proposed. */
  readonly choose?: (abstractSyntax: string, proposed: readonly string[]) => string | undefined;
  /** Default: success. */
  readonly answer?: (received: ReceivedRequest, index: number) => Iterable<OutgoingResponse>;
  readonly closeDelay?: number;
}

/** Where the peer is; nobody looks. */
export const memoryRemote: DicomRemote = {
  host: "192.0.2.1",
  port: 104,
  calledAet: "PEER",
  callingAet: "GREYHAVEN",
  timeout: 5,
  useDicomTls: false,
};

export function memoryPeer(options: MemoryPeerOptions = {}): MemoryPeer {
  const { choose = (_, [first]) => first, answer = () => [{ command: { Status: 0 } }], closeDelay = 5 } = options;
  const opened: AssociationRequest[] = [];
  const received: ReceivedRequest[] = [];
  const acceptor: AcceptorOptions = {
    maximumPduLength: 16384,
    timeout: 5,
    artim: 5,
    decide: () => ({
      accept: true,
      policyOf: (abstractSyntax) => ({
        choose: (proposed) => choose(abstractSyntax, proposed),
        roles: { scu: true, scp: true },
      }),
    }),
    handle: async function* (request) {
      const chunks: Buffer[] = [];
      for await (const chunk of request.dataset ?? []) chunks.push(Buffer.from(chunk));
      const each = { request, dataset: Buffer.concat(chunks) };
      const index = received.push(each) - 1;
      yield* answer(each, index);
    },
    log: noLog,
  };
  const associate: Associate = async (request) => {
    opened.push(request);
    const [requestorSocket, acceptorSocket] = duplexPair();
    acceptAssociation(acceptorSocket, "192.0.2.2", acceptor);
    const requesting = requestAssociation(requestorSocket, () => "192.0.2.1", request);
    requesting.connected();
    return requesting.association;
  };
  const associations = createDicomAssociations({
    associate,
    maximumPduLength: 16384,
    closeDelay,
    tls: undefined,
    log: noLog,
  });
  return { associate, associations, opened, received };
}
