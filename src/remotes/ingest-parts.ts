/** Instances that may be on their way to the disk at the same time: they are committed together. */
const concurrency = 16;

/**
 * Ingests the parts of a stream one after the other and yields the results in their order. A part is read as fast as the archive takes
 * it; while the archive commits it, the next one is read already. When the stream breaks, or `ingest` rejects, that error is thrown
 * after the results of what came whole.
 */
export async function* ingestParts<Part extends { readonly body: AsyncIterable<Uint8Array> }, Result>(
  parts: AsyncIterable<Part>,
  ingest: (part: Part, body: AsyncIterable<Uint8Array>) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const pending: Promise<Result>[] = [];
  let broken: { readonly error: unknown } | undefined;
  try {
    try {
      for await (const part of parts) {
        const body = watched(part.body);
        const ingesting = ingest(part, body.stream);
        await Promise.race([body.ended, settled(ingesting)]);
        body.throwFailure();
        pending.push(ingesting);
        if (pending.length >= concurrency) yield await first(pending);
      }
    } catch (error) {
      broken = { error };
    }
    while (pending.length > 0) yield await first(pending);
    if (broken !== undefined) throw broken.error;
  } finally {
    await Promise.allSettled(pending);
  }
}

async function first<Result>(pending: Promise<Result>[]): Promise<Result> {
  const result = pending.shift();
  if (result === undefined) throw new RangeError("no ingest is pending");
  return await result;
}

/** Also keeps the rejection of an ingest whose turn has not come from being reported as unhandled. */
async function settled(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work]);
}

/** `stream` gives what `source` gives; `ended` resolves when it was read to its end, given up, or failed. */
function watched(source: AsyncIterable<Uint8Array>): {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly ended: Promise<void>;
  throwFailure(): void;
} {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let failure: { readonly error: unknown } | undefined;
  async function* stream(): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* source;
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      resolve();
    }
  }
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return { stream: stream(), ended, throwFailure };
}
