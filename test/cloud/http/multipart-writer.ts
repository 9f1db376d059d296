import { randomBytes } from "node:crypto";
import type { Reply } from "./exchange.ts";

/** One part to be written. */
export interface OutgoingPart {
  readonly type: string;
  read(): AsyncIterable<Buffer>;
}

/** A `multipart/related` answer of `parts`, whose root type is `type`. */
export function multipartReply(type: string, parts: Iterable<OutgoingPart>): Reply {
  const boundary = randomBytes(30).toString("hex");
  return {
    status: 200,
    headers: { "content-type": `multipart/related; boundary=${boundary}; type="${type}"` },
    body: write(parts, boundary),
  };
}

async function* write(parts: Iterable<OutgoingPart>, boundary: string): AsyncGenerator<Buffer> {
  let delimiter = `--${boundary}\r\n`;
  for (const part of parts) {
    yield Buffer.from(`${delimiter}Content-Type: ${part.type}\r\n\r\n`);
    yield* part.read();
    delimiter = `\r\n--${boundary}\r\n`;
  }
  yield Buffer.from(closingDelimiter(boundary));
}

/** What ends a multipart body. */
export function closingDelimiter(boundary: string): string {
  return `\r\n--${boundary}--\r\n`;
}
