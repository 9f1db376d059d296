import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

type Bytes = AsyncIterable<Buffer>;

/** `bytes` of the stream every `milliseconds`. */
export async function* slowDown(
  stream: Bytes,
  pace: { readonly bytes: number; readonly milliseconds: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length; at += pace.bytes) {
      await sleep(pace.milliseconds, undefined, { signal });
      yield chunk.subarray(at, at + pace.bytes);
    }
  }
}

/** The first `limit` bytes, then nothing until `signal`. */
export async function* stallAfter(stream: Bytes, limit: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield* keepFirst(stream, limit);
  await aborted(signal);
}

/** Resolves when `signal` is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

/** The first `limit` bytes. */
export async function* keepFirst(stream: Bytes, limit: number): AsyncGenerator<Buffer> {
  let left = limit;
  if (left <= 0) return;
  for await (const chunk of stream) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** All but the last `count` bytes. */
export async function* dropLast(stream: Bytes, count: number): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of stream) {
    const joined = Buffer.concat([held, chunk]);
    const free = Math.max(0, joined.length - count);
    if (free > 0) yield joined.subarray(0, free);
    held = joined.subarray(free);
  }
}

/** Throws `interruption` once `limit` bytes have passed, at the latest at the end. */
export async function* interruptAfter(stream: Bytes, limit: number, interruption: Error): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const chunk of stream) {
    passed += chunk.length;
    if (passed > limit) throw interruption;
    yield chunk;
  }
  throw interruption;
}
