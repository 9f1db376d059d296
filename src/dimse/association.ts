import type { CommandSet } from "./command-set.ts";

/** A presentation context that was accepted (PS3.8 §7.1.1.13). */
export interface PresentationContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxUID: string;
  /** What the requestor of the association may be in this context (PS3.7 §D.3.3.4); SCU only unless roles were negotiated. */
  readonly requestorIsSCU: boolean;
  readonly requestorIsSCP: boolean;
}

/** User identity (PS3.7 §D.3.3.7). The secret field is never logged. */
export interface UserIdentity {
  readonly type: "Username" | "UsernameAndPasscode" | "Kerberos" | "SAML" | "JWT";
  readonly primaryField: Buffer;
  readonly secondaryField: Buffer;
}

/** A request of the other side. */
export interface IncomingRequest {
  readonly association: Association;
  readonly context: PresentationContext;
  readonly command: CommandSet;
  /** Bytes of the dataset in the context's transfer syntax, as they come; undefined when there is none. What a handler leaves unread is dropped. */
  readonly dataset: AsyncIterable<Buffer> | undefined;
  /** Aborted by a C-CANCEL of this request and when the association ends. */
  readonly signal: AbortSignal;
}

/** The elements of a response that its handler decides; the association adds the others (Command Field, Message ID Being Responded To, …). */
export type ResponseCommand = Partial<CommandSet> & { readonly Status: number };

export interface OutgoingResponse {
  readonly command: ResponseCommand;
  /** Encoded in the transfer syntax of the request's context. */
  readonly dataset?: Buffer;
  /** Instead of `dataset`, for pending responses: one response for each, taken when there is room to send it. */
  readonly datasets?: Iterable<Buffer>;
}

/**
 * Answers a request: the pending responses, then the final one. What it throws is logged and answered by Status 0x0110 (processing failure),
 * unless it is an `AbortAssociation`, which aborts.
 */
export type RequestHandler = (request: IncomingRequest) => AsyncIterable<OutgoingResponse>;

/** Thrown by a handler that will not serve this peer at all. */
export class AbortAssociation extends Error {
  override readonly name = "AbortAssociation";
}

/** A request to the other side. `command` without what the association adds: Message ID, Command Data Set Type. */
export interface OutgoingRequest {
  readonly contextId: number;
  readonly command: Omit<CommandSet, "MessageID" | "CommandDataSetType">;
  /** Bytes in the context's transfer syntax; read with back-pressure. */
  readonly dataset?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Sends a C-CANCEL when aborted (C-FIND, C-MOVE, C-GET); the final response is still waited for. */
  readonly cancel?: AbortSignal;
}

export interface IncomingResponse {
  readonly command: CommandSet & { readonly Status: number };
  /** The whole dataset; one above the limit (64 MiB) fails the association. */
  readonly dataset: Buffer | undefined;
}

/**
 * An established association (PS3.8 §7), of either side. Failures (abort, silence beyond the time-out, a broken connection, an offence
 * against the protocol) reject what is under way with an `AssociationError`.
 */
export interface Association {
  readonly side: "requestor" | "acceptor";
  readonly callingAet: string;
  readonly calledAet: string;
  readonly remoteIp: string;
  readonly contexts: readonly PresentationContext[];
  /** Implementation Class UID and Version Name of the other side. */
  readonly peerImplementation: { readonly classUid: string; readonly versionName: string };
  readonly userIdentity: UserIdentity | undefined;
  /** False once it is released, aborted or broken. */
  readonly isOpen: boolean;
  /** Sends a request and yields its responses; ends with the final one. Requests of several callers wait for each other unless an asynchronous window was negotiated. */
  request(request: OutgoingRequest): AsyncIterable<IncomingResponse>;
  /** A-RELEASE; resolves when the connection is closed. No error when it is closed already. */
  release(): Promise<void>;
  /** A-ABORT; no error when it is closed already. */
  abort(reason?: string): void;
  /** Resolves when the connection is closed, in whatever way. */
  readonly ended: Promise<void>;
}

/** Why an association failed. */
export type AssociationFailure =
  /** No TCP connection or TLS session, or it broke. */
  | "network"
  | "timeout"
  /** A-ASSOCIATE-RJ. */
  | "rejected"
  | "aborted"
  /** The other side sent what PS3.7 or PS3.8 does not allow. */
  | "protocol";

export class AssociationError extends Error {
  override readonly name = "AssociationError";
  readonly failure: AssociationFailure;
  constructor(failure: AssociationFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
