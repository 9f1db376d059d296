import type { Packed } from "../../util/batched-thread.ts";
import type { Call, ReceivedCall } from "./executor.ts";

/** A call on its way to a thread. */
export interface OutgoingCall extends Call {
  readonly bytes: readonly Uint8Array[];
}

interface SentCalls {
  readonly calls: readonly (Call & { readonly length: number })[];
  /** The bytes of all calls, one after the other: memory that moves costs less than many buffers that are copied. */
  readonly block: ArrayBuffer | undefined;
}

/** Puts calls into one message. */
export function packCalls(calls: readonly OutgoingCall[]): Packed {
  const sent = calls.map(({ name, values, bytes }) => ({
    name,
    values,
    length: bytes.reduce((sum, { length }) => sum + length, 0),
  }));
  const size = sent.reduce((sum, { length }) => sum + length, 0);
  if (size === 0) return { message: { calls: sent, block: undefined } satisfies SentCalls, transfer: [] };
  const block = new ArrayBuffer(size);
  const target = new Uint8Array(block);
  let position = 0;
  for (const buffer of calls.flatMap(({ bytes }) => bytes)) {
    target.set(buffer, position);
    position += buffer.length;
  }
  return { message: { calls: sent, block } satisfies SentCalls, transfer: [block] };
}

const noBytes = new Uint8Array(0);

/** The calls in a message of `packCalls`. */
export function unpackCalls(message: unknown): readonly ReceivedCall[] {
  const { calls, block } = message as SentCalls;
  let start = 0;
  return calls.map(({ name, values, length }) => {
    const bytes = block === undefined ? noBytes : new Uint8Array(block, start, length);
    start += length;
    return { name, values, bytes };
  });
}
