import { ByteReader } from "./byte-reader.ts";
import { GoogleError } from "./google-error.ts";

/** One part of a multipart body. `body` must be read to its end before the next part is asked for. */
export interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: AsyncIterable<Buffer>;
}

const headerLimit = 16_384;
const lineEnd = Buffer.from("\r\n");
const headersEnd = Buffer.from("\r\n\r\n");

/**
 * The parts of a `multipart/related` body (RFC 2046 §5.1), read strictly: lines end in CRLF and nothing else, each part
 * has headers, the closing delimiter is there. Preamble and epilogue are skipped. Anything else is INVALID_ARGUMENT.
 */
export async function* readParts(body: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Part> {
  // The first delimiter may stand at the very start: with this CRLF before it, it looks like all others.
  const reader = new ByteReader(body, lineEnd, malformed);
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  await skip(reader.until(delimiter));
  while (await anotherPart(reader)) {
    const headers = parseHeaders(await reader.textUntil(headersEnd, headerLimit));
    const content = reader.until(delimiter);
    yield { headers, body: content };
    await skip(content);
  }
  await reader.drain();
}

async function anotherPart(reader: ByteReader): Promise<boolean> {
  const after = (await reader.take(2)).toString("latin1");
  if (after === "--") return false;
  if (after === "\r\n") return true;
  throw malformed(`expected CRLF or -- after the boundary, found ${JSON.stringify(after)}`);
}

function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split("\r\n")) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) {
      throw malformed(`malformed part header ${JSON.stringify(line.slice(0, 80))}`);
    }
    headers.set(match[1].toLowerCase(), match[2]);
  }
  return headers;
}

async function skip(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks);
}

function malformed(what: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", `failed to read the multipart body: ${what}`);
}
