import type { IncomingHttpHeaders } from "node:http";

/** Where a request belongs: what faults are aimed at and what the journal calls it. */
export const routeNames = [
  "token",
  "stow",
  "qido",
  "wado",
  "frames",
  "metadata",
  "bulkdata",
  "delete",
  "operation",
  "admin",
  "unknown",
] as const;

export type RouteName = (typeof routeNames)[number];

/** A request on its way to a handler. */
export interface Exchange {
  readonly route: RouteName;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Decoded path variables. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The body as it arrives; consumed once. */
  readonly body: AsyncIterable<Buffer>;
  /** An earlier request came over the same connection. */
  readonly reusedConnection: boolean;
  /** Every n-th instance of a STOW is refused (the fault `partial-stow`). */
  readonly refuseEvery?: number;
  /** Aborted when the connection closes. */
  readonly signal: AbortSignal;
}

/** What is sent back. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
  /** The connection is cut after the body, without the end that HTTP demands. */
  readonly cut?: boolean;
}

/** A row of the route table. */
export interface Row {
  readonly route: RouteName;
  readonly method: string;
  /** Like `/v1/{operation...}`; a last segment with dots takes the rest of the path. */
  readonly path: string;
  handle(exchange: Exchange): Reply | Promise<Reply>;
}

/** `value` as JSON, as Google prints it. */
export function jsonReply(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: `${JSON.stringify(value, undefined, 2)}\n`,
  };
}

/** The body of a reply in pieces, whatever its form. */
export async function* bodyOf(reply: Reply): AsyncGenerator<Buffer> {
  if (reply.body === undefined) return;
  if (typeof reply.body === "string" || Buffer.isBuffer(reply.body)) yield Buffer.from(reply.body);
  else yield* reply.body;
}

/** The whole request body; more than `limit` bytes is an error (Google's limit for all methods but STOW: 10 MB). */
export async function readWhole(body: AsyncIterable<Buffer>, limit = 10_000_000): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new RangeError(`the body is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
