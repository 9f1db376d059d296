/** Whether so many bytes more may be taken into memory. */
export type Admit = (bytes: number) => boolean;

/** Chunks that were gathered, and whether nothing follows them. */
export interface Gathered {
  readonly chunks: readonly Uint8Array[];
  readonly isWhole: boolean;
  /** Says that nobody needs the chunks any more: their memory is used again. Gives the bytes of which that is so. */
  readonly release?: (() => number) | undefined;
}

/** An iterator that gathers by itself: a promise per chunk costs as much as receiving it. */
export interface Gatherable extends AsyncIterator<Uint8Array> {
  /** As `gather`. */
  gather(admit: Admit): Promise<Gathered>;
}

/** Reads until the end, or until a chunk comes that `admit` refuses: whether that one is gathered or the next to be read is up to the iterator. */
export async function gather(source: AsyncIterator<Uint8Array> | Gatherable, admit: Admit): Promise<Gathered> {
  if ("gather" in source) return source.gather(admit);
  const chunks: Uint8Array[] = [];
  for (let next = await source.next(); !next.done; next = await source.next()) {
    chunks.push(next.value);
    if (!admit(next.value.length)) return { chunks, isWhole: false };
  }
  return { chunks, isWhole: true };
}

/** A stream of which some chunks were read already; these are let go of one by one. For one reader, once. */
export function continued(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => new Continued(head, rest) };
}

class Continued implements Gatherable {
  readonly #head: Uint8Array[];
  readonly #rest: AsyncIterator<Uint8Array>;

  constructor(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
    this.#head = [...head];
    this.#rest = rest;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#head.shift();
    return value === undefined ? this.#rest.next() : Promise.resolve({ value, done: false });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#head.length = 0;
    await this.#rest.return?.();
    return { value: undefined, done: true };
  }

  async gather(admit: Admit): Promise<Gathered> {
    const chunks: Uint8Array[] = [];
    for (let chunk = this.#head.shift(); chunk !== undefined; chunk = this.#head.shift()) {
      chunks.push(chunk);
      if (!admit(chunk.length)) return { chunks, isWhole: false };
    }
    const { chunks: others, isWhole, release } = await gather(this.#rest, admit);
    return { chunks: [...chunks, ...others], isWhole, release };
  }
}
