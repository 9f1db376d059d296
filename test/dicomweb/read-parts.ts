import { createHash } from "node:crypto";
import { readMultipart } from "../../src/http/multipart.ts";

export interface ReadPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The parts of a multipart answer, whole. */
export async function partsOf(response: Response): Promise<readonly ReadPart[]> {
  const boundary = /boundary=([^;]+)/.exec(response.headers.get("content-type") ?? "")?.[1] ?? "";
  const parts: ReadPart[] = [];
  const body = (async function* () {
    yield Buffer.from(await response.arrayBuffer());
  })();
  for await (const part of readMultipart(body, boundary)) {
    parts.push({ headers: part.headers, body: Buffer.concat(await Array.fromAsync(part.body)) });
  }
  return parts;
}

/** In lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
