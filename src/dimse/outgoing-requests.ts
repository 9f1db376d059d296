import type { IncomingResponse, OutgoingRequest, PresentationContext } from "./association.ts";
import { commandFields, noDataset, responseBit, withDataset, type CommandSet } from "./command-set.ts";
import { Gathering } from "./gathering.ts";
import type { Reading } from "./incoming-dataset.ts";
import type { MessageSender, OutgoingMessage } from "./message-sender.ts";
import { ProtocolError } from "./protocol-error.ts";
import { ResponseQueue } from "./response-queue.ts";
import { isPending } from "./statuses.ts";

/** Takes the bytes of the dataset that follows a command set; they are there until the call returns. */
export type DatasetReceiver = (bytes: Buffer, isLast: boolean) => void;

/** What `OutgoingRequests` asks of its association. */
export interface RequestingAssociation extends Reading {
  readonly sender: MessageSender;
  assertOpen(): void;
  touch(): void;
}

/** A request that waits for its final response. */
interface Pending {
  readonly contextId: number;
  readonly messageId: number;
  readonly commandField: number;
  readonly responses: ResponseQueue;
  readonly isOfHandler: boolean;
}

const largestResponse = 64 * 1024 * 1024;
const highestMessageId = 0xffff;

/** Requests that may be cancelled (PS3.7 §9.3.2.3). */
const cancellable = new Set<number>([
  commandFields["C-FIND-RQ"],
  commandFields["C-GET-RQ"],
  commandFields["C-MOVE-RQ"],
]);

/** The requests of this side: sends them as the window allows and hands each its responses. */
export class OutgoingRequests {
  readonly #association: RequestingAssociation;
  readonly #window: number;
  readonly #pending = new Map<number, Pending>();
  /** Requests for which the window has no room. */
  readonly #waiting: (() => void)[] = [];
  #slotsTaken = 0;
  #ofHandlers = 0;
  #lastMessageId = 0;

  /** `window`: how many may be under way. */
  constructor(association: RequestingAssociation, window: number) {
    this.#association = association;
    this.#window = window;
  }

  /** How many wait for a response. */
  get size(): number {
    return this.#pending.size;
  }

  /** How many of handlers, which wait for it, are not answered or not even sent. */
  get ofHandlers(): number {
    return this.#ofHandlers;
  }

  /** `isOfHandler`: a handler of a request of the other side asks it. */
  async *request(request: OutgoingRequest, isOfHandler: boolean): AsyncGenerator<IncomingResponse, void> {
    // Nobody frees slots any more once the association is over.
    this.#association.assertOpen();
    this.#ofHandlers += Number(isOfHandler);
    if (this.#slotsTaken >= this.#window) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#slotsTaken += 1;
    let pending: Pending;
    try {
      this.#association.assertOpen();
      pending = this.#start(request, isOfHandler);
      await this.#send(request, pending);
    } catch (error) {
      this.#ofHandlers -= Number(isOfHandler);
      this.#freeSlot();
      throw error;
    }
    const cancel = (): void => this.#cancel(pending);
    if (request.cancel?.aborted === true) cancel();
    request.cancel?.addEventListener("abort", cancel);
    try {
      for (;;) {
        const response = pending.responses.shift() ?? (await pending.responses.next());
        yield response;
        if (!isPending(response.command.Status)) return;
      }
    } finally {
      request.cancel?.removeEventListener("abort", cancel);
      if (this.#pending.has(pending.messageId)) {
        pending.responses.abandon();
        cancel();
      }
    }
  }

  /** A response came. Returns what takes its dataset. Throws `ProtocolError` when nobody asked for it. */
  receive(context: PresentationContext, command: CommandSet, hasDataset: boolean): DatasetReceiver {
    const { MessageIDBeingRespondedTo: messageId, Status } = command;
    if (messageId === undefined)
      throw new ProtocolError("A response without Message ID Being Responded To (0000,0120)");
    const pending = this.#pending.get(messageId);
    if (pending === undefined || pending.contextId !== context.id) {
      throw new ProtocolError(`A response to message ${messageId}, which was not sent in this presentation context`);
    }
    if (command.CommandField !== (pending.commandField | responseBit)) {
      throw new ProtocolError(`Command Field ${command.CommandField} answers ${pending.commandField}`);
    }
    if (Status === undefined) throw new ProtocolError("A response without Status (0000,0900)");
    const complete = (dataset: Buffer | undefined): void => {
      if (!isPending(Status)) this.#finish(pending);
      pending.responses.push({ command: { ...command, Status }, dataset });
    };
    if (!hasDataset) complete(undefined);
    const gathered = new Gathering();
    return (bytes, isLast) => {
      if (gathered.length + bytes.length > largestResponse) {
        throw new ProtocolError(`The dataset of a response has more than ${largestResponse} bytes`);
      }
      const whole = gathered.add(bytes, isLast ? 0 : 1);
      if (whole !== undefined) complete(whole);
    };
  }

  /** The association is over. */
  fail(error: Error): void {
    for (const { responses } of this.#pending.values()) responses.fail(error);
    this.#pending.clear();
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  #start(request: OutgoingRequest, isOfHandler: boolean): Pending {
    const pending: Pending = {
      contextId: request.contextId,
      messageId: this.#newMessageId(),
      commandField: request.command.CommandField,
      responses: new ResponseQueue(this.#association),
      isOfHandler,
    };
    this.#pending.set(pending.messageId, pending);
    return pending;
  }

  async #send(request: OutgoingRequest, { messageId }: Pending): Promise<void> {
    const { contextId, dataset } = request;
    const CommandDataSetType = dataset === undefined ? noDataset : withDataset;
    const command = { ...request.command, MessageID: messageId, CommandDataSetType };
    try {
      this.#association.touch();
      await this.#association.sender.send({ contextId, command, dataset });
      this.#association.touch();
    } catch (error) {
      this.#pending.delete(messageId);
      throw error;
    }
  }

  #cancel({ contextId, messageId, commandField }: Pending): void {
    if (!this.#pending.has(messageId) || !cancellable.has(commandField)) return;
    const command = {
      CommandField: commandFields["C-CANCEL-RQ"],
      MessageIDBeingRespondedTo: messageId,
      CommandDataSetType: noDataset,
    };
    void this.#trySend({ contextId, command, dataset: undefined });
  }

  async #trySend(message: OutgoingMessage): Promise<void> {
    try {
      await this.#association.sender.send(message);
    } catch {
      // What ends the association ends the request too.
    }
  }

  #finish(pending: Pending): void {
    this.#pending.delete(pending.messageId);
    this.#ofHandlers -= Number(pending.isOfHandler);
    this.#freeSlot();
  }

  #freeSlot(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#slotsTaken -= 1;
    else next();
  }

  #newMessageId(): number {
    do {
      this.#lastMessageId = (this.#lastMessageId % highestMessageId) + 1;
    } while (this.#pending.has(this.#lastMessageId));
    return this.#lastMessageId;
  }
}
