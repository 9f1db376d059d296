import type { Duplex } from "node:stream";
import { implementationClassUid, implementationVersionName } from "../dicom/write.ts";
import { AssociationError, type Association } from "./association.ts";
import type { AssociationRequest } from "./connect.ts";
import { createDatasetMemory } from "./dataset-memory.ts";
import { EstablishedAssociation } from "./established-association.ts";
import { refuse } from "./incoming-requests.ts";
import { acceptedContexts, agreedWindow, contextId } from "./negotiation.ts";
import {
  describeRejection,
  dicomApplicationContext,
  emptyUserInformation,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
} from "./pdu.ts";
import { statuses } from "./statuses.ts";
import { UpperLayer } from "./upper-layer.ts";
import { writeUserIdentity } from "./user-identity.ts";

/** ARTIM timer of a requestor that waits for the connection to close, where its time-out does not say. */
const defaultArtim = 10;
const mostContexts = 128;

export type RequestedAssociation = Omit<AssociationRequest, "host" | "port" | "tls">;

/** An association that is being requested. */
export interface RequestingConnection {
  /** To be called when the connection is open. */
  connected(): void;
  /** Rejects with `AssociationError`. */
  readonly association: Promise<Association>;
}

/** Requests an association on a connection that is opening. `remoteIp` is asked when it is open. */
export function requestAssociation(
  socket: Duplex,
  remoteIp: () => string,
  request: RequestedAssociation,
): RequestingConnection {
  if (request.contexts.length > mostContexts) {
    throw new RangeError(`An association has at most ${mostContexts} presentation contexts`);
  }
  const { promise, resolve, reject } = Promise.withResolvers<Association>();
  const { log, maximumPduLength, timeout, signal } = request;
  const options = {
    side: "requestor" as const,
    maximumPduLength,
    timeout,
    artim: timeout === 0 ? defaultArtim : timeout,
  };
  let association: EstablishedAssociation | undefined;
  const layer: UpperLayer = new UpperLayer(socket, options, {
    associate(answer) {
      if (answer.type === "A-ASSOCIATE-RJ") {
        reject(new AssociationError("rejected", `The association was rejected: ${describeRejection(answer)}`));
      } else if (answer.type === "A-ASSOCIATE-AC") {
        const handle = request.handle ?? refuse(statuses.unrecognizedOperation);
        association = new EstablishedAssociation(layer, termsOf(request, answer, remoteIp()), {
          handle,
          log,
          memory: createDatasetMemory(),
        });
        resolve(association);
      }
    },
    fragment: (fragment) => association?.fragment(fragment),
    isPeersTurn: (isHeld) => association?.isPeersTurn(isHeld) ?? true,
    end(failure) {
      association?.end(failure);
      reject(failure ?? new AssociationError("aborted", "The association was released"));
    },
    close() {
      association?.close();
      signal?.removeEventListener("abort", giveUp);
    },
  });
  const giveUp = (): void => {
    if (association === undefined) layer.abort(new AssociationError("aborted", "The attempt to connect was given up"));
  };
  layer.associate();
  signal?.addEventListener("abort", giveUp);
  if (signal?.aborted === true) giveUp();
  return { connected: () => layer.connected(requestPdu(request)), association: promise };
}

function requestPdu(request: RequestedAssociation): AssociateRequestPdu {
  const { contexts, callingAet, calledAet, window, userIdentity } = request;
  const roles = new Map(
    contexts.flatMap(({ abstractSyntax, roles }) =>
      roles === undefined ? [] : [[abstractSyntax, { sopClassUid: abstractSyntax, ...roles }] as const],
    ),
  );
  return {
    type: "A-ASSOCIATE-RQ",
    protocolVersion: 1,
    calledAet,
    callingAet,
    applicationContext: dicomApplicationContext,
    contexts: contexts.map(({ abstractSyntax, transferSyntaxes }, index) => ({
      id: contextId(index),
      abstractSyntax,
      transferSyntaxes,
    })),
    user: {
      ...emptyUserInformation,
      maximumLength: request.maximumPduLength,
      implementationClassUid,
      implementationVersionName,
      asynchronousWindow: window,
      roles: [...roles.values()],
      userIdentity: userIdentity && writeUserIdentity(userIdentity),
    },
  };
}

function termsOf(request: RequestedAssociation, { user, contexts }: AssociateAcceptPdu, remoteIp: string) {
  const window = agreedWindow(request.window && user.asynchronousWindow);
  return {
    side: "requestor" as const,
    callingAet: request.callingAet,
    calledAet: request.calledAet,
    remoteIp,
    contexts: acceptedContexts(request.contexts, contexts, user.roles),
    peerImplementation: { classUid: user.implementationClassUid, versionName: user.implementationVersionName },
    userIdentity: request.userIdentity,
    peerMaximumLength: user.maximumLength,
    ownRequests: window.invoked,
    peerRequests: window.performed,
  };
}
