import { lazy } from "../dicom/lazy.ts";
import type { Log } from "../util/log.ts";
import type { SpareMemory } from "../util/spare-memory.ts";
import {
  AbortAssociation,
  type Association,
  type IncomingRequest,
  type OutgoingResponse,
  type PresentationContext,
  type RequestHandler,
  type ResponseCommand,
} from "./association.ts";
import { commandFields, noDataset, responseBit, withDataset, type CommandSet } from "./command-set.ts";
import { IncomingDataset, type Reading } from "./incoming-dataset.ts";
import type { MessageSender } from "./message-sender.ts";
import type { DatasetReceiver } from "./outgoing-requests.ts";
import { ProtocolError } from "./protocol-error.ts";
import { isPending, statuses } from "./statuses.ts";

/** What `IncomingRequests` asks of its association. */
export interface ServingAssociation extends Reading {
  /** As handlers see it. */
  readonly association: Association;
  readonly sender: MessageSender;
  readonly log: Log;
  /** For datasets. */
  readonly memory: SpareMemory;
  touch(): void;
}

/** A request that was received and is not answered. */
interface Received {
  readonly request: IncomingRequest;
  readonly messageId: number;
  readonly dataset: IncomingDataset | undefined;
  readonly cancel: () => AbortController;
  readonly handle: RequestHandler;
}

/** Requests beyond the window that are kept before reading stops. */
const mostWaiting = 32;
const requestFields = new Set<number>(Object.values(commandFields).filter((field) => (field & responseBit) === 0));

/** The requests of the other side: has them answered, as many at a time as the window allows. */
export class IncomingRequests {
  readonly #owner: ServingAssociation;
  readonly #handle: RequestHandler;
  readonly #window: number;
  readonly #underway = new Set<Received>();
  readonly #waiting: Received[] = [];
  #isHolding = false;
  #idle: PromiseWithResolvers<void> | undefined;

  /** `window`: how many may be answered at a time. */
  constructor(owner: ServingAssociation, handle: RequestHandler, window: number) {
    this.#owner = owner;
    this.#handle = handle;
    this.#window = window;
  }

  /** How many are not answered. */
  get size(): number {
    return this.#underway.size + this.#waiting.length;
  }

  /** Resolves when every request is answered. */
  whenIdle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Whether nothing more is read because of requests whose turn has not come. */
  get isFull(): boolean {
    return this.#isHolding || this.#waiting.some(({ dataset }) => dataset?.isHolding === true);
  }

  /** Whether nothing more is read because of a dataset that its handler has not begun to read. */
  get hasUnread(): boolean {
    return [...this.#underway].some(({ dataset }) => dataset?.isHolding === true && !dataset.isRead);
  }

  /** A request came. Returns what takes its dataset. Throws `ProtocolError` when it cannot be answered. */
  receive(context: PresentationContext, command: CommandSet, hasDataset: boolean): DatasetReceiver {
    const { MessageID: messageId } = command;
    if (messageId === undefined) throw new ProtocolError("A request without Message ID (0000,0110)");
    const cancel = lazy(() => new AbortController());
    const dataset = hasDataset ? new IncomingDataset(this.#owner, this.#owner.memory) : undefined;
    this.#waiting.push({
      request: new Request(this.#owner.association, { context, command, dataset: dataset?.chunks, cancel }),
      messageId,
      dataset,
      cancel,
      handle: this.#handlerOf(command.CommandField, messageId),
    });
    if (this.#waiting.length > mostWaiting && !this.#isHolding) {
      this.#isHolding = true;
      this.#owner.hold();
    }
    this.#proceed();
    return (bytes, isLast) => dataset?.push(bytes, isLast);
  }

  /** C-CANCEL-RQ (PS3.7 §9.3.2.3): one for a request that is answered already has no effect. */
  cancel(messageId: number | undefined): void {
    this.#find(messageId)?.cancel().abort();
  }

  /** The association is over. */
  fail(error: Error): void {
    for (const { dataset, cancel } of [...this.#underway, ...this.#waiting.splice(0)]) {
      dataset?.fail(error);
      cancel().abort(error);
    }
  }

  #find(messageId: number | undefined): Received | undefined {
    return [...this.#underway, ...this.#waiting].find((received) => received.messageId === messageId);
  }

  #handlerOf(commandField: number, messageId: number): RequestHandler {
    if (!requestFields.has(commandField)) return refuse(statuses.unrecognizedOperation);
    return this.#find(messageId) === undefined ? this.#handle : refuse(statuses.duplicateInvocation);
  }

  #proceed(): void {
    while (this.#underway.size < this.#window) {
      const received = this.#waiting.shift();
      if (received === undefined) break;
      this.#underway.add(received);
      void this.#serve(received);
    }
    if (this.#isHolding && this.#waiting.length <= mostWaiting) {
      this.#isHolding = false;
      this.#owner.letGo();
    }
  }

  async #serve(received: Received): Promise<void> {
    const { association, log } = this.#owner;
    try {
      await this.#answer(received);
    } catch (error) {
      if (error instanceof AbortAssociation) association.abort(error.message);
      else if (association.isOpen) {
        log.error(`${commandName(received)} of ${peerOf(association)} failed`, { cause: error });
        await this.#refuse(received);
      }
    } finally {
      this.#underway.delete(received);
      this.#owner.touch();
      this.#proceed();
      if (this.size === 0) this.#settleIdle();
    }
  }

  #settleIdle(): void {
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  async #answer(received: Received): Promise<void> {
    const { dataset, handle, request } = received;
    for await (const response of handle(request)) {
      const isFinal = !isPending(response.command.Status);
      if (isFinal && dataset !== undefined) {
        await dataset.discard();
        await dataset.complete;
      }
      if (!this.#owner.association.isOpen) return;
      if (response.datasets === undefined) await this.#respond(received, response);
      else await this.#respondEach(received, response.command, response.datasets);
      if (isFinal) return;
    }
    throw new Error("The handler gave no final response");
  }

  async #refuse(received: Received): Promise<void> {
    await received.dataset?.discard();
    await received.dataset?.complete;
    try {
      await this.#respond(received, { command: { Status: statuses.processingFailure } });
    } catch {
      // The association has ended meanwhile.
    }
  }

  #respond(received: Received, { command, dataset }: OutgoingResponse): Promise<void> | undefined {
    this.#owner.touch();
    return this.#owner.sender.send({
      contextId: received.request.context.id,
      command: responseTo(received, command, dataset !== undefined),
      dataset,
    });
  }

  /** Responses with the same command set: a run of them costs little more than their bytes. */
  async #respondEach(received: Received, response: ResponseCommand, datasets: Iterable<Buffer>): Promise<void> {
    const { association, sender } = this.#owner;
    const contextId = received.request.context.id;
    const command = sender.pack(contextId, responseTo(received, response, true));
    this.#owner.touch();
    for (const dataset of datasets) {
      const room = sender.send({ contextId, command, dataset });
      if (room === undefined) continue;
      await room;
      if (!association.isOpen) return;
      this.#owner.touch();
    }
  }
}

/** The whole command set of a response. */
function responseTo({ request, messageId }: Received, response: ResponseCommand, hasDataset: boolean): CommandSet {
  const { command } = request;
  const sopClassUid = command.AffectedSOPClassUID ?? command.RequestedSOPClassUID;
  const sopInstanceUid = command.AffectedSOPInstanceUID ?? command.RequestedSOPInstanceUID;
  return {
    ...(sopClassUid !== undefined && { AffectedSOPClassUID: sopClassUid }),
    ...(sopInstanceUid !== undefined && { AffectedSOPInstanceUID: sopInstanceUid }),
    ...response,
    CommandField: command.CommandField | responseBit,
    MessageIDBeingRespondedTo: messageId,
    CommandDataSetType: hasDataset ? withDataset : noDataset,
  };
}

type RequestParts = Pick<IncomingRequest, "context" | "command" | "dataset"> & Pick<Received, "cancel">;

/** What handlers see of it. Few ask for the signal, which costs more than the rest to make. */
class Request implements IncomingRequest {
  readonly association: Association;
  readonly context: PresentationContext;
  readonly command: CommandSet;
  readonly dataset: AsyncIterable<Buffer> | undefined;
  readonly #cancel: () => AbortController;

  constructor(association: Association, { context, command, dataset, cancel }: RequestParts) {
    this.association = association;
    this.context = context;
    this.command = command;
    this.dataset = dataset;
    this.#cancel = cancel;
  }

  get signal(): AbortSignal {
    return this.#cancel().signal;
  }
}

/** As logs name a request. */
function commandName({ request }: Received): string {
  const field = request.command.CommandField;
  return Object.entries(commandFields).find(([, value]) => value === field)?.[0] ?? `Command ${field}`;
}

function peerOf({ side, callingAet, calledAet }: Association): string {
  return side === "acceptor" ? callingAet : calledAet;
}

/** A handler that gives every request this status. */
export function refuse(status: number): RequestHandler {
  return async function* refused() {
    yield { command: { Status: status } };
  };
}
