/** Bytes that flow, or that may be had at once. */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  /**
   * Where it is: reads the bytes, as many as there is room for, into memory that the reader has, and gives their number. Fresh memory for each costs
   * more than reading it: the system has to clear it, and the collector to look for it.
   */
  readonly readInto?: (memory: Uint8Array) => Promise<number>;
}
