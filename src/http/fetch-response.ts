import type { ChunkQueue } from "../util/chunk-queue.ts";
import type { ClientResponse } from "./client.ts";
import { NetworkError } from "./network-error.ts";

/** Answers that are read whole are small: lists, tokens, messages. */
const defaultLimit = 64 * 1024 * 1024;

/** A rest of up to this size is read to keep the connection; a larger one ends it. */
const discardedAtMost = 256 * 1024;

/** The answer whose body arrives in `queue`. */
export function fetchResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  queue: ChunkQueue,
  host: string,
): ClientResponse {
  const bytes = async (limit = defaultLimit) => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of queue) {
      size += chunk.length;
      if (size > limit) throw new NetworkError("http", `${host}: the answer has more than ${limit} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  };
  return {
    status,
    headers,
    body: queue,
    bytes,
    text: async (limit) => (await bytes(limit)).toString("utf8"),
    discard: () => discard(queue),
  };
}

async function discard(queue: ChunkQueue): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of queue) {
      size += chunk.length;
      if (size > discardedAtMost) break;
    }
  } catch {
    // What breaks while nobody listens is of no interest.
  }
}
