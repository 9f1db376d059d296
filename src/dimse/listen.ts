import type { Log } from "../util/log.ts";
import type { RequestHandler, UserIdentity } from "./association.ts";
import type { ProposedContext } from "./connect.ts";
import type { DicomTls } from "./tls.ts";

/** What a peer asks for (A-ASSOCIATE-RQ, PS3.8 §9.3.2). Titles without padding. */
export interface AssociationIndication {
  readonly callingAet: string;
  readonly calledAet: string;
  readonly remoteIp: string;
  readonly contexts: readonly ProposedContext[];
  readonly peerImplementation: { readonly classUid: string; readonly versionName: string };
  readonly userIdentity: UserIdentity | undefined;
}

/** What an acceptor does with one abstract syntax: transfer syntaxes in its order of preference, and the roles that it grants when asked. */
export interface ContextPolicy {
  /** The acceptor chooses one of the proposed transfer syntaxes, or undefined: none will do. */
  choose(proposed: readonly string[]): string | undefined;
  readonly roles: { readonly scu: boolean; readonly scp: boolean };
}

export type AssociationDecision =
  | {
      readonly accept: true;
      /** Undefined: the abstract syntax is not supported. */ readonly policyOf: (
        abstractSyntax: string,
      ) => ContextPolicy | undefined;
    }
  /** Result, source and reason of A-ASSOCIATE-RJ (PS3.8 Table 9-21), and what to log. */
  | {
      readonly accept: false;
      readonly result: 1 | 2;
      readonly source: 1 | 2 | 3;
      readonly reason: number;
      readonly why: string;
    };

export interface DicomListenerOptions {
  /** `DicomPort`; 0: the system chooses. */
  readonly port: number;
  readonly bindAddress?: string;
  readonly maximumPduLength: number;
  /** `DicomScpTimeout`: seconds of silence after which an association is aborted; 0: never. */
  readonly timeout: number;
  /** Seconds that a peer has for its A-ASSOCIATE-RQ, and to close after an A-ABORT (ARTIM, PS3.8 §9.1.5). */
  readonly artim: number;
  readonly tls?: DicomTls;
  /** Called with the checked A-ASSOCIATE-RQ. */
  readonly decide: (indication: AssociationIndication) => AssociationDecision;
  readonly handle: RequestHandler;
  readonly log: Log;
}

export interface DicomListener {
  readonly port: number;
  /** Associations that are open now. */
  readonly associations: number;
  /** Stops listening, lets requests under way finish within `seconds`, then aborts what is left. */
  close(seconds: number): Promise<void>;
}

/** Listens for associations. `DicomPortInUse` when the port is taken, `SslInitialization` when the TLS options cannot be used. */
export type Listen = (options: DicomListenerOptions) => Promise<DicomListener>;
