import type { Duplex } from "node:stream";
import { implementationClassUid, implementationVersionName } from "../dicom/write.ts";
import type { Log } from "../util/log.ts";
import type { SpareMemory } from "../util/spare-memory.ts";
import { AssociationError, type RequestHandler } from "./association.ts";
import { createDatasetMemory } from "./dataset-memory.ts";
import { EstablishedAssociation } from "./established-association.ts";
import type { AssociationDecision, AssociationIndication } from "./listen.ts";
import { acceptContexts, agreedWindow, grantedWindow, proposedContexts, type AcceptedContexts } from "./negotiation.ts";
import {
  dicomApplicationContext,
  emptyUserInformation,
  rejections,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
} from "./pdu.ts";
import { UpperLayer } from "./upper-layer.ts";
import { readUserIdentity } from "./user-identity.ts";

export interface AcceptorOptions {
  readonly maximumPduLength: number;
  readonly timeout: number;
  readonly artim: number;
  readonly decide: (indication: AssociationIndication) => AssociationDecision;
  readonly handle: RequestHandler;
  readonly log: Log;
  /** For datasets. Default: of its own. */
  readonly memory?: SpareMemory;
}

/** A connection that somebody else opened. */
export interface AcceptedConnection {
  /** Resolves when no request is being answered. */
  whenIdle(): Promise<void>;
  /** Aborts the association, if there is one, and closes the connection. */
  disconnect(reason: string): void;
  /** Resolves when it is closed. */
  readonly ended: Promise<void>;
}

/** Operations of one association that are answered at a time, when the requestor asks for it (PS3.7 §D.3.3.3). */
const largestWindow = 8;

/** Serves one connection from its beginning, with an association or without, to its end. */
export function acceptAssociation(socket: Duplex, remoteIp: string, options: AcceptorOptions): AcceptedConnection {
  const { log, handle, memory = createDatasetMemory() } = options;
  const closed = Promise.withResolvers<void>();
  let association: EstablishedAssociation | undefined;
  let who = remoteIp;
  const layer: UpperLayer = new UpperLayer(
    socket,
    { side: "acceptor", ...options },
    {
      associate(request) {
        if (request.type !== "A-ASSOCIATE-RQ") return;
        if (isTitle(request.callingAet)) who = `${request.callingAet} (${remoteIp})`;
        const indication = indicationOf(request, remoteIp);
        const decision = refusal(request) ?? options.decide(indication);
        if (!decision.accept) {
          log.warn(`Association of ${who} rejected: ${decision.why}`);
          const { result, source, reason } = decision;
          layer.respond({ type: "A-ASSOCIATE-RJ", result, source, reason });
          return;
        }
        const accepted = acceptContexts(request, decision.policyOf);
        const answer = acceptance(request, accepted, options.maximumPduLength);
        const window = agreedWindow(answer.user.asynchronousWindow);
        const terms = {
          ...indication,
          side: "acceptor" as const,
          contexts: accepted.contexts,
          peerMaximumLength: request.user.maximumLength,
          ownRequests: window.performed,
          peerRequests: window.invoked,
        };
        association = new EstablishedAssociation(layer, terms, { handle, log, memory });
        log.info(`Association of ${who} accepted`);
        layer.respond(answer);
      },
      fragment: (fragment) => association?.fragment(fragment),
      isPeersTurn: (isHeld) => association?.isPeersTurn(isHeld) ?? true,
      end(failure) {
        if (failure === undefined) log.info(`Association of ${who} released`);
        else log.warn(`Association of ${who} ended: ${failure.message}`);
        association?.end(failure);
      },
      close() {
        association?.close();
        closed.resolve();
      },
    },
  );
  layer.accepted();
  return {
    whenIdle: () => association?.whenIdle() ?? Promise.resolve(),
    disconnect: (reason) => layer.disconnect(new AssociationError("aborted", reason)),
    ended: closed.promise,
  };
}

function indicationOf(request: AssociateRequestPdu, remoteIp: string): AssociationIndication {
  const { callingAet, calledAet, user } = request;
  return {
    callingAet,
    calledAet,
    remoteIp,
    contexts: proposedContexts(request),
    peerImplementation: { classUid: user.implementationClassUid, versionName: user.implementationVersionName },
    userIdentity: user.userIdentity && readUserIdentity(user.userIdentity),
  };
}

/** What no acceptor accepts. */
function refusal({ applicationContext, callingAet, calledAet }: AssociateRequestPdu) {
  if (applicationContext !== dicomApplicationContext) {
    const why = `the application context is "${applicationContext}", not DICOM`;
    return { accept: false as const, ...rejections["application-context-name-not-supported"], why };
  }
  const title = [callingAet, calledAet].find((title) => !isTitle(title));
  if (title === undefined) return undefined;
  const why = `${JSON.stringify(title)} is no application entity title`;
  return { accept: false as const, ...rejections["no-reason-given"], why };
}

/** Whether a text without its padding can be an application entity title (PS3.5 §6.2, AE). */
function isTitle(text: string): boolean {
  return /^[\x20-\x5b\x5d-\x7e]+$/.test(text);
}

function acceptance(
  request: AssociateRequestPdu,
  accepted: AcceptedContexts,
  maximumPduLength: number,
): AssociateAcceptPdu {
  return {
    type: "A-ASSOCIATE-AC",
    protocolVersion: 1,
    calledAet: request.calledAet,
    callingAet: request.callingAet,
    applicationContext: dicomApplicationContext,
    contexts: accepted.answers,
    user: {
      ...emptyUserInformation,
      maximumLength: maximumPduLength,
      implementationClassUid,
      implementationVersionName,
      asynchronousWindow: grantedWindow(request.user.asynchronousWindow, largestWindow),
      roles: accepted.roles,
    },
  };
}
