/** The most recently used headers, as many as fit. */
export interface HeaderCache<Header> {
  readonly count: number;
  /** Bytes. */
  readonly size: number;
  get(instance: string): Header | undefined;
  /** Keeps the header of `size` bytes, unless `forget` was called since `mark` was taken. */
  set(instance: string, header: Header, size: number, mark: number): void;
  forget(instance: string): void;
  /** To be taken before a header is read that will be kept: what was removed in the meantime must not come back. */
  mark(): number;
}

interface Entry<Header> {
  readonly header: Header;
  readonly size: number;
}

/** Of the room, the share that one header may take. */
const largestShare = 1 / 8;

/** A cache of at most `limit` bytes of headers. */
export function createHeaderCache<Header>(limit: number): HeaderCache<Header> {
  const entries = new Map<string, Entry<Header>>();
  let size = 0;
  let forgotten = 0;
  const drop = (instance: string): void => {
    const entry = entries.get(instance);
    if (entry === undefined) return;
    size -= entry.size;
    entries.delete(instance);
  };
  return {
    get count() {
      return entries.size;
    },
    get size() {
      return size;
    },
    get(instance) {
      const entry = entries.get(instance);
      if (entry === undefined) return undefined;
      entries.delete(instance);
      entries.set(instance, entry);
      return entry.header;
    },
    set(instance, header, bytes, mark) {
      if (mark !== forgotten || bytes > limit * largestShare) return;
      drop(instance);
      entries.set(instance, { header, size: bytes });
      size += bytes;
      for (const [oldest] of entries) {
        if (size <= limit) break;
        drop(oldest);
      }
    },
    forget(instance) {
      forgotten += 1;
      drop(instance);
    },
    mark: () => forgotten,
  };
}
