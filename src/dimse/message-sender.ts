import { encodeCommand } from "./command-codec.ts";
import type { CommandSet } from "./command-set.ts";
import type { Outbox } from "./outbox.ts";
import { DatasetPacker, packWhole, pdvCapacity } from "./pdv-packer.ts";

export interface OutgoingMessage {
  readonly contextId: number;
  /** Or what `pack` made of it, for messages that have the same. */
  readonly command: CommandSet | PackedCommand;
  readonly dataset: Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** The P-DATA-TF PDUs of a command set. */
export type PackedCommand = Uint8Array;

/** What a `MessageSender` asks of its association. */
export interface SendingAssociation {
  readonly outbox: Outbox;
  /** Throws the failure of an association that is over. */
  assertOpen(): void;
  /** A message cannot be completed: the other side would wait for the rest for ever. */
  abandonMessage(cause: unknown): void;
}

/** A larger dataset is sent in parts, so that its headers are not all made at once. */
const sentAtOnce = 1024 * 1024;

/** Sends messages, one after the other, as PDVs of the size that the other side takes (PS3.8 Annex E). */
export class MessageSender {
  readonly #association: SendingAssociation;
  readonly #capacity: number;
  /** A message whose dataset is on its way. */
  #underway: Promise<void> | undefined;

  /** `maximumLength`: of the P-DATA-TF that the other side receives; 0: no limit. */
  constructor(association: SendingAssociation, maximumLength: number) {
    this.#association = association;
    this.#capacity = pdvCapacity(maximumLength);
  }

  /**
   * Undefined when the message is on its way and there is room for more, else a promise to wait for. Throws the failure of
   * the association, or of the dataset's source.
   */
  send(message: OutgoingMessage): Promise<void> | undefined {
    if (this.#underway !== undefined) return this.#underway.then(() => this.send(message));
    this.#association.assertOpen();
    const { contextId, dataset } = message;
    const command = message.command instanceof Uint8Array ? message.command : this.pack(contextId, message.command);
    if (dataset === undefined) this.#association.outbox.add([command]);
    else if (dataset instanceof Uint8Array && dataset.length <= sentAtOnce) {
      this.#association.outbox.add([command, ...packWhole(contextId, false, dataset, this.#capacity)]);
    } else {
      const pieces = dataset instanceof Uint8Array ? slices(dataset) : dataset;
      const sent = this.#stream([command], new DatasetPacker(contextId, this.#capacity), pieces);
      const free = (): void => {
        this.#underway = undefined;
      };
      this.#underway = sent.then(free, free);
      return sent;
    }
    return this.#association.outbox.room();
  }

  pack(contextId: number, command: CommandSet): PackedCommand {
    return Buffer.concat(packWhole(contextId, true, encodeCommand(command), this.#capacity));
  }

  async #stream(
    command: readonly Uint8Array[],
    packer: DatasetPacker,
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const { outbox } = this.#association;
    let waiting = command;
    try {
      for await (const piece of pieces) {
        const packed = packer.push(piece);
        if (packed.length === 0) continue;
        this.#association.assertOpen();
        outbox.add([...waiting, ...packed]);
        waiting = [];
        await outbox.room();
      }
    } catch (error) {
      if (waiting.length === 0) this.#association.abandonMessage(error);
      throw error;
    }
    this.#association.assertOpen();
    outbox.add([...waiting, ...packer.finish()]);
    await outbox.room();
  }
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sentAtOnce) yield bytes.subarray(at, at + sentAtOnce);
}
