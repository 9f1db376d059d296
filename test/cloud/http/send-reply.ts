import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { bodyOf, type Reply } from "./exchange.ts";
import type { JournalEntry } from "./journal.ts";

export interface Sending {
  /** Value of the `Date` header. */
  readonly date: Date;
  readonly entry: Pick<JournalEntry, "responseBytes">;
}

/** Sends a reply with back-pressure; rejects when the client goes away. */
export async function sendReply(response: ServerResponse, reply: Reply, { date, entry }: Sending): Promise<void> {
  response.sendDate = false;
  response.writeHead(reply.status, { date: date.toUTCString(), ...knownLength(reply), ...reply.headers });
  await pipeline(counted(bodyOf(reply), entry), response, { end: reply.cut !== true });
  if (reply.cut === true) response.socket?.destroySoon();
}

function knownLength({ body, status }: Reply): Record<string, string> {
  if (status === 204 || (typeof body === "object" && !Buffer.isBuffer(body))) return {};
  return { "content-length": String(Buffer.byteLength(body ?? "")) };
}

async function* counted(body: AsyncIterable<Buffer>, entry: Sending["entry"]): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    entry.responseBytes += chunk.length;
    yield chunk;
  }
}
