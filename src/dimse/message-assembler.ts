import { decodeCommand } from "./command-codec.ts";
import { noDataset, type CommandSet } from "./command-set.ts";
import { Gathering } from "./gathering.ts";
import type { Fragment } from "./pdu-decoder.ts";
import { ProtocolError } from "./protocol-error.ts";

/** The command sets of PS3.7 have less than 1 KB; a list of tags or a comment may add some. */
const maximumCommandLength = 64 * 1024;

/** Takes the messages that a `MessageAssembler` finds. */
export interface MessageSink {
  /** A command set is complete. With `hasDataset`, calls of `dataset` follow, the last of them with `isLast`. */
  command(contextId: number, command: CommandSet, hasDataset: boolean): void;
  /** `bytes` are there until the call returns. */
  dataset(bytes: Buffer, isLast: boolean): void;
}

/**
 * Puts fragments together to messages (PS3.8 Annex E, PS3.7 §6.3): first those of the command set, which are gathered,
 * then those of the dataset, which are passed on. Another order, another presentation context on the way, or a malformed
 * command set is a `ProtocolError`.
 */
export class MessageAssembler {
  readonly #sink: MessageSink;
  readonly #command = new Gathering();
  #expected: "command" | "more of the command" | "dataset" = "command";
  #contextId = 0;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  /** Whether a message has begun and is not complete. */
  get isAmidst(): boolean {
    return this.#expected !== "command";
  }

  push(fragment: Fragment): void {
    if (this.isAmidst && fragment.contextId !== this.#contextId) {
      throw new ProtocolError(
        `A fragment in presentation context ${fragment.contextId} amidst a message in ${this.#contextId}`,
      );
    }
    this.#contextId = fragment.contextId;
    if (fragment.isCommand !== (this.#expected !== "dataset")) {
      throw new ProtocolError(
        fragment.isCommand
          ? "A command set where the rest of a dataset was expected"
          : "A dataset where a command set was expected",
      );
    }
    if (fragment.isCommand) this.#commandFragment(fragment);
    else {
      if (fragment.isLast) this.#expected = "command";
      this.#sink.dataset(fragment.bytes, fragment.isLast);
    }
  }

  #commandFragment({ bytes, isLast }: Fragment): void {
    if (this.#command.length + bytes.length > maximumCommandLength) {
      throw new ProtocolError(`A command set of more than ${maximumCommandLength} bytes`);
    }
    // Nothing of the bytes is kept, so those of a whole command set need no copy.
    const whole = isLast && this.#command.length === 0 ? bytes : this.#command.add(bytes, isLast ? 0 : 1);
    if (whole === undefined) {
      this.#expected = "more of the command";
      return;
    }
    const command = decodeCommand(whole);
    const hasDataset = command.CommandDataSetType !== noDataset;
    this.#expected = hasDataset ? "dataset" : "command";
    this.#sink.command(this.#contextId, command, hasDataset);
  }
}
