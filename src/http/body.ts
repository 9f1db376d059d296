import { ServerError } from "../util/errors.ts";
import type { HttpRequest } from "./route.ts";

/** What a handler that needs a whole body in memory takes at most, unless it says otherwise. */
const defaultLimit = 128 * 1024 * 1024;

type WithBody = Pick<HttpRequest, "body">;

/** The whole body; BadRequest beyond `limit` bytes. For small things only: large ones are read from `request.body` as they flow. */
export async function readBody(request: WithBody, limit: number = defaultLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > limit) throw new ServerError("BadRequest", `The body may have ${limit} bytes at most here`);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size);
}

/** The whole body as UTF-8 text, without byte order mark. */
export async function readText(request: WithBody): Promise<string> {
  return new TextDecoder().decode(await readBody(request));
}

export interface ReadJsonOptions {
  /** What an empty body stands for; without it an empty body is an error. */
  readonly empty?: unknown;
}

/** The body as JSON; BadJson with the reason otherwise. */
export async function readJson(request: WithBody, options: ReadJsonOptions = {}): Promise<unknown> {
  const body = await readText(request);
  if (body.trim() === "" && "empty" in options) return options.empty;
  try {
    return JSON.parse(body) as unknown;
  } catch (cause) {
    throw new ServerError("BadJson", `The body is not JSON: ${withoutExcerpt(cause)}`);
  }
}

/** V8 quotes the text around the mistake, which may hold a password. */
function withoutExcerpt(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, (?:\.\.\.)?".*$/s, "") : "not JSON";
}
