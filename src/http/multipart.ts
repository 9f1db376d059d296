import { randomUUID } from "node:crypto";
import { ServerError } from "../util/errors.ts";
import { maximumHeadersSize, parsePartHeaders } from "./multipart-headers.ts";
import { scanForDelimiter } from "./multipart-scanner.ts";

/** A part as it flows in. */
export interface Part {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read before the next part is asked for; what is left of it then is skipped. */
  readonly body: AsyncIterable<Buffer>;
}

/** A part to be written. Headers go out in their order. */
export interface OutgoingPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | Uint8Array;
}

/**
 * The parts of a multipart body (RFC 2046 §5.1), one at a time and as they flow: no more than a chunk is held. Preamble and
 * epilogue are skipped, lone LF is taken for a line end. A body that ends too early is BadRequest, saying where.
 */
export async function* readMultipart(body: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Part, void> {
  if (boundary === "" || boundary.length > 200) {
    throw new ServerError(
      "BadRequest",
      `Multipart body: the boundary must have 1 to 200 characters, not ${boundary.length}`,
    );
  }
  const reader = new MultipartReader(body, boundary);
  try {
    await reader.skipContent();
    while (!reader.closed) {
      const headers = await reader.headers();
      const content = reader.content();
      yield { headers, body: content };
      await reader.skipContent();
    }
    await reader.skipEpilogue();
  } finally {
    await reader.close();
  }
}

/** Where the reading of one multipart body stands. */
class MultipartReader {
  /** The closing delimiter was seen. */
  closed = false;
  readonly #source: AsyncIterator<Buffer>;
  readonly #marker: Buffer;
  #buffer: Buffer = Buffer.alloc(0);
  #atLineStart = true;
  #contentDone = false;
  /** 0 in the preamble. */
  #part = 0;

  constructor(body: AsyncIterable<Buffer>, boundary: string) {
    this.#source = body[Symbol.asyncIterator]();
    this.#marker = Buffer.from(`--${boundary}`, "latin1");
  }

  /** What is before the next delimiter, which it consumes. */
  async *content(): AsyncGenerator<Buffer, void> {
    while (!this.#contentDone) {
      const scan = scanForDelimiter(this.#buffer, this.#marker, this.#atLineStart);
      const content = this.#buffer.subarray(0, scan.contentEnd);
      if (scan.found === "delimiter") {
        this.#buffer = this.#buffer.subarray(scan.next);
        this.#contentDone = true;
        this.closed = scan.last;
      } else {
        this.#buffer = this.#buffer.subarray(scan.contentEnd);
        this.#atLineStart &&= content.length === 0;
      }
      if (content.length > 0) yield content;
      else if (!this.#contentDone) await this.#more();
    }
  }

  async skipContent(): Promise<void> {
    for await (const _ of this.content());
  }

  async headers(): Promise<Record<string, string>> {
    this.#part++;
    const lines: string[] = [];
    let size = 0;
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (size + (end < 0 ? this.#buffer.length : end) > maximumHeadersSize) {
        throw new ServerError(
          "BadRequest",
          `Multipart body: the headers of part ${this.#part} exceed ${maximumHeadersSize} bytes`,
        );
      }
      if (end < 0) {
        await this.#more();
        continue;
      }
      const line = this.#buffer.toString("utf8", 0, end).replace(/\r$/, "");
      this.#buffer = this.#buffer.subarray(end + 1);
      size += end + 1;
      if (line === "") break;
      lines.push(line);
    }
    this.#contentDone = false;
    this.#atLineStart = true;
    return parsePartHeaders(lines, this.#part);
  }

  async skipEpilogue(): Promise<void> {
    this.#buffer = Buffer.alloc(0);
    while ((await this.#source.next()).done !== true);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw new ServerError("BadRequest", this.#whereItEnded());
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
  }

  #whereItEnded(): string {
    const marker = this.#marker.toString("latin1");
    return this.#part === 0
      ? `Multipart body: it has no boundary "${marker}"`
      : `Multipart body: it ended in part ${this.#part}, without the closing boundary "${marker}--"`;
  }
}

/** Writes a multipart body; the caller says `boundary` in its `Content-Type`. */
export async function* writeMultipart(
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
  boundary: string,
): AsyncGenerator<Uint8Array, void> {
  let lineStart = "";
  for await (const { headers, body } of parts) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    yield Buffer.from(`${lineStart}--${boundary}\r\n${lines.join("")}\r\n`);
    if (body instanceof Uint8Array) yield body;
    else yield* body;
    lineStart = "\r\n";
  }
  yield Buffer.from(`${lineStart}--${boundary}--\r\n`);
}

/** A boundary that no content has, of the 70 characters that RFC 2046 allows. */
export function newBoundary(): string {
  return `${randomUUID()}-${randomUUID()}`.slice(0, 70);
}
