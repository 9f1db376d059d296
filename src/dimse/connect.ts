import type { Log } from "../util/log.ts";
import type { Association, RequestHandler, UserIdentity } from "./association.ts";
import type { DicomTls } from "./tls.ts";

/** A presentation context to propose. */
export interface ProposedContext {
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
  /** Role selection (PS3.7 §D.3.3.4); absent: not negotiated, the requestor is the SCU. */
  readonly roles?: { readonly scu: boolean; readonly scp: boolean };
}

export interface AssociationRequest {
  readonly host: string;
  readonly port: number;
  readonly callingAet: string;
  readonly calledAet: string;
  /** At most 128; their ids are 1, 3, 5, … in this order (PS3.8 §9.3.2.2). */
  readonly contexts: readonly ProposedContext[];
  /** Largest PDU that may be sent to us, in bytes. */
  readonly maximumPduLength: number;
  /** Seconds of silence after which the other side is given up; 0: never. */
  readonly timeout: number;
  /** Undefined: plain TCP. */
  readonly tls?: DicomTls;
  readonly userIdentity?: UserIdentity;
  /** Asynchronous operations window (PS3.7 §D.3.3.3) to propose; 1 and 1 when absent. 0: unlimited. */
  readonly window?: { readonly invoked: number; readonly performed: number };
  /** Answers requests of the other side (C-STORE during C-GET, N-EVENT-REPORT); they are refused (0x0211) when absent. */
  readonly handle?: RequestHandler;
  /** Gives up the attempt to connect. */
  readonly signal?: AbortSignal;
  readonly log: Log;
}

/** Opens an association. Throws `AssociationError`. */
export type Associate = (request: AssociationRequest) => Promise<Association>;
