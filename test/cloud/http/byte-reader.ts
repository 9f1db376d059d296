/** Reads a stream up to delimiters, holding no more than one chunk and one delimiter of it. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #fail: (problem: string) => Error;
  #pending: Buffer;

  /** `start` is read before the bytes of `source`. `fail` makes the error of bytes that end early or do not end. */
  constructor(source: AsyncIterable<Buffer>, start: Buffer, fail: (problem: string) => Error) {
    this.#source = source[Symbol.asyncIterator]();
    this.#pending = start;
    this.#fail = fail;
  }

  /** Yields what comes before `delimiter` and consumes the delimiter too; it must be there. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const found = this.#pending.indexOf(delimiter);
      if (found >= 0) {
        if (found > 0) yield this.#pending.subarray(0, found);
        this.#pending = this.#pending.subarray(found + delimiter.length);
        return;
      }
      const safe = this.#pending.length - delimiter.length + 1;
      if (safe > 0) {
        yield this.#pending.subarray(0, safe);
        this.#pending = this.#pending.subarray(safe);
      }
      await this.#more();
    }
  }

  /** What comes before `delimiter`, of at most `limit` bytes. Consumes the delimiter too. */
  async textUntil(delimiter: Buffer, limit: number): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.until(delimiter)) {
      size += chunk.length;
      if (size > limit) throw this.#fail(`more than ${limit} bytes before ${JSON.stringify(delimiter.toString())}`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("latin1");
  }

  /** Exactly `count` bytes. */
  async take(count: number): Promise<Buffer> {
    while (this.#pending.length < count) await this.#more();
    const taken = this.#pending.subarray(0, count);
    this.#pending = this.#pending.subarray(count);
    return taken;
  }

  /** Throws away the rest. */
  async drain(): Promise<void> {
    this.#pending = Buffer.alloc(0);
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next());
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw this.#fail("unexpected EOF");
    this.#pending = this.#pending.length === 0 ? next.value : Buffer.concat([this.#pending, next.value]);
  }
}
