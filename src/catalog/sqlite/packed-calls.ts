import type { Packed } from "../../util/batched-thread.ts";
import { totalLength } from "../../util/total-length.ts";
import type { Call, ReceivedCall } from "./executor.ts";

/** A call on its way to a thread. */
export interface OutgoingCall extends Call {
  readonly bytes: readonly Uint8Array[];
}

interface SentCalls {
  readonly calls: readonly (Call & { readonly length: number })[];
  /** The bytes of all calls, one after the other. */
  readonly block: ArrayBuffer | SharedArrayBuffer | undefined;
}

/** Bytes that go through memory which both threads have: fresh memory for each message costs more than copying into it. */
const sharedSize = 1 << 18;

/**
 * What puts calls into one message. The bytes are to be used before the message is answered, since the next ones may come in the same
 * memory.
 */
export function createPacking(): (calls: readonly OutgoingCall[]) => Packed {
  let shared: SharedArrayBuffer | undefined;
  return (calls) => {
    const sent = calls.map(({ name, values, bytes }) => ({ name, values, length: totalLength(bytes) }));
    const size = totalLength(sent);
    const pieces = calls.flatMap(({ bytes }) => bytes);
    if (size > sharedSize) {
      const block = new ArrayBuffer(size);
      fill(block, pieces);
      return { message: { calls: sent, block } satisfies SentCalls, transfer: [block] };
    }
    const block = size === 0 ? undefined : (shared ??= new SharedArrayBuffer(sharedSize));
    if (block !== undefined) fill(block, pieces);
    return { message: { calls: sent, block } satisfies SentCalls, transfer: [] };
  };
}

function fill(block: ArrayBuffer | SharedArrayBuffer, pieces: readonly Uint8Array[]): void {
  const target = new Uint8Array(block);
  let position = 0;
  for (const piece of pieces) {
    target.set(piece, position);
    position += piece.length;
  }
}

const noBytes = new Uint8Array(0);

/** The calls in a message of `createPacking`. */
export function unpackCalls(message: unknown): readonly ReceivedCall[] {
  const { calls, block } = message as SentCalls;
  let start = 0;
  return calls.map(({ name, values, length }) => {
    const bytes = block === undefined ? noBytes : new Uint8Array(block, start, length);
    start += length;
    return { name, values, bytes };
  });
}
