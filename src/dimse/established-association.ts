import type { Log } from "../util/log.ts";
import type { SpareMemory } from "../util/spare-memory.ts";
import {
  AssociationError,
  type Association,
  type IncomingResponse,
  type OutgoingRequest,
  type PresentationContext,
  type RequestHandler,
  type UserIdentity,
} from "./association.ts";
import { commandFields, responseBit, type CommandSet } from "./command-set.ts";
import { IncomingRequests, type ServingAssociation } from "./incoming-requests.ts";
import { MessageAssembler, type MessageSink } from "./message-assembler.ts";
import { MessageSender, type SendingAssociation } from "./message-sender.ts";
import { OutgoingRequests, type DatasetReceiver, type RequestingAssociation } from "./outgoing-requests.ts";
import type { Outbox } from "./outbox.ts";
import type { Fragment } from "./pdu-decoder.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { UpperLayer, UpperLayerUser } from "./upper-layer.ts";

/** What was negotiated. */
export interface AssociationTerms {
  readonly side: "requestor" | "acceptor";
  readonly callingAet: string;
  readonly calledAet: string;
  readonly remoteIp: string;
  readonly contexts: readonly PresentationContext[];
  readonly peerImplementation: { readonly classUid: string; readonly versionName: string };
  readonly userIdentity: UserIdentity | undefined;
  /** Largest P-DATA-TF that the other side receives; 0: no limit. */
  readonly peerMaximumLength: number;
  /** Requests that this side, and the other side, may have under way. */
  readonly ownRequests: number;
  readonly peerRequests: number;
}

export interface AssociationOptions {
  readonly handle: RequestHandler;
  readonly log: Log;
  /** For datasets that come. */
  readonly memory: SpareMemory;
}

/** Connects the messages of an association to the requests of both sides. */
export class EstablishedAssociation
  implements
    Association,
    Omit<UpperLayerUser, "associate">,
    MessageSink,
    SendingAssociation,
    RequestingAssociation,
    ServingAssociation
{
  readonly side: "requestor" | "acceptor";
  readonly callingAet: string;
  readonly calledAet: string;
  readonly remoteIp: string;
  readonly contexts: readonly PresentationContext[];
  readonly peerImplementation: { readonly classUid: string; readonly versionName: string };
  readonly userIdentity: UserIdentity | undefined;
  readonly log: Log;
  readonly memory: SpareMemory;
  readonly sender: MessageSender;
  readonly association: Association;
  readonly #layer: UpperLayer;
  readonly #contextOf: ReadonlyMap<number, PresentationContext>;
  readonly #assembler = new MessageAssembler(this);
  readonly #outgoing: OutgoingRequests;
  readonly #incoming: IncomingRequests;
  readonly #closed = Promise.withResolvers<void>();
  #receiveDataset: DatasetReceiver = () => {};
  #failure: AssociationError | undefined;

  constructor(layer: UpperLayer, terms: AssociationTerms, { handle, log, memory }: AssociationOptions) {
    this.side = terms.side;
    this.callingAet = terms.callingAet;
    this.calledAet = terms.calledAet;
    this.remoteIp = terms.remoteIp;
    this.contexts = terms.contexts;
    this.peerImplementation = terms.peerImplementation;
    this.userIdentity = terms.userIdentity;
    this.log = log;
    this.memory = memory;
    this.#layer = layer;
    this.#contextOf = new Map(terms.contexts.map((context) => [context.id, context]));
    this.sender = new MessageSender(this, terms.peerMaximumLength);
    this.#outgoing = new OutgoingRequests(this, terms.ownRequests);
    this.#incoming = new IncomingRequests(this, handle, terms.peerRequests);
    this.association = this.#forHandlers();
  }

  get outbox(): Outbox {
    return this.#layer.outbox;
  }

  get isOpen(): boolean {
    return this.#failure === undefined && this.#layer.state === "Sta6";
  }

  get ended(): Promise<void> {
    return this.#closed.promise;
  }

  /** Resolves when every request of the other side is answered. */
  whenIdle(): Promise<void> {
    return this.#incoming.whenIdle();
  }

  request(request: OutgoingRequest): AsyncIterable<IncomingResponse> {
    return this.#outgoing.request(request, false);
  }

  async release(): Promise<void> {
    if (this.isOpen) this.#layer.release();
    await this.ended;
  }

  abort(reason = "Aborted by this side"): void {
    if (this.#failure === undefined) this.#layer.abort(new AssociationError("aborted", reason));
  }

  assertOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#layer.canSend) throw new AssociationError("aborted", "The association is being released");
  }

  abandonMessage(cause: unknown): void {
    this.abort(`A dataset could not be sent: ${String(cause)}`);
  }

  hold(): void {
    this.#layer.hold();
    this.#assertProgress();
  }

  letGo(): void {
    this.#layer.letGo();
  }

  touch(): void {
    this.#layer.touch();
    this.#assertProgress();
  }

  /** Of the upper layer. */
  fragment(fragment: Fragment): void {
    this.#assembler.push(fragment);
  }

  /** Of the upper layer. */
  isPeersTurn(isHeld: boolean): boolean {
    // A handler that waits for a response before it reads its dataset may wait for ever.
    if (isHeld) return this.#outgoing.ofHandlers > 0 && this.#incoming.hasUnread;
    if (this.#assembler.isAmidst) return true;
    if (this.#incoming.size > 0) return this.#outgoing.ofHandlers > 0;
    return this.side === "acceptor" || this.#outgoing.size > 0;
  }

  /** Of the upper layer. */
  end(failure = new AssociationError("aborted", "The association was released")): void {
    this.#failure = failure;
    this.#outgoing.fail(failure);
    this.#incoming.fail(failure);
  }

  /** Of the upper layer. */
  close(): void {
    this.#closed.resolve();
  }

  /** Of the assembler. */
  command(contextId: number, command: CommandSet, hasDataset: boolean): void {
    const context = this.#contextOf.get(contextId);
    if (context === undefined) throw new ProtocolError(`Presentation context ${contextId} was not accepted`);
    const { CommandField } = command;
    if (CommandField === commandFields["C-CANCEL-RQ"]) {
      this.#incoming.cancel(command.MessageIDBeingRespondedTo);
      this.#receiveDataset = () => {};
    } else {
      const requests = (CommandField & responseBit) === 0 ? this.#incoming : this.#outgoing;
      this.#receiveDataset = requests.receive(context, command, hasDataset);
    }
  }

  /** Of the assembler. */
  dataset(bytes: Buffer, isLast: boolean): void {
    this.#receiveDataset(bytes, isLast);
  }

  /** The response that a handler waits for may lie behind requests that are not read before it ends: a deadlock. */
  #assertProgress(): void {
    if (this.#outgoing.ofHandlers === 0 || !this.#incoming.isFull) return;
    this.#layer.abort(new ProtocolError("The other side sends more requests than may be under way"));
  }

  /** The association as handlers see it: what they ask is theirs. */
  #forHandlers(): Association {
    const isOpen = (): boolean => this.isOpen;
    return {
      side: this.side,
      callingAet: this.callingAet,
      calledAet: this.calledAet,
      remoteIp: this.remoteIp,
      contexts: this.contexts,
      peerImplementation: this.peerImplementation,
      userIdentity: this.userIdentity,
      get isOpen() {
        return isOpen();
      },
      request: (request) => this.#outgoing.request(request, true),
      release: () => this.release(),
      abort: (reason) => this.abort(reason),
      ended: this.ended,
    };
  }
}
