import { ChunkQueue } from "../util/chunk-queue.ts";

/** Where a copy of a stream goes. */
export interface Recording {
  /** Gets the same chunks; a copy of which not everything was read ends with an error. */
  readonly write: (copy: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Told what went wrong with the writing; whoever reads does not hear of it. */
  readonly failed: (error: unknown) => void;
}

/** Passes a stream on and has it written at the same time; the slower of both sets the pace. The end waits for the writing. */
export async function* recorded(
  source: AsyncIterable<Uint8Array>,
  { write, failed }: Recording,
): AsyncGenerator<Uint8Array, void, void> {
  let isRead = false;
  let isLeft = false;
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const copy = new ChunkQueue({
    pause: () => (gate = Promise.withResolvers()),
    resume: () => gate.resolve(),
    cancel: () => gate.resolve(),
  });
  const written = write(copy).catch((error: unknown) => {
    gate.resolve();
    if (!isLeft) failed(error);
  });
  try {
    for await (const chunk of source) {
      await gate.promise;
      copy.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      yield chunk;
    }
    isRead = true;
    copy.end();
  } finally {
    isLeft = !isRead;
    copy.fail(new Error("the stream was not read to its end"));
    await written;
  }
}
