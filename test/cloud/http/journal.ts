import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { RouteName } from "./exchange.ts";

/** What is remembered of a request. Times are this machine's, in milliseconds since 1970. */
export interface JournalEntry {
  readonly number: number;
  readonly route: RouteName;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** A bearer token is given as `Bearer sha256:…`. */
  readonly headers: IncomingHttpHeaders;
  readonly connection: number;
  readonly start: number;
  /** Requests in progress when this one began, itself included. */
  readonly concurrent: number;
  end?: number;
  /** 0 when the connection was cut before a status was sent. */
  status: number;
  requestBytes: number;
  /** The request body was read to its end. */
  requestComplete: boolean;
  /** Of the body as far as it was read; empty while it is being read, or when nobody did. */
  requestSha256: string;
  responseBytes: number;
  /** Types of the faults that were injected. */
  readonly faults: string[];
}

export type JournalStart = Pick<JournalEntry, "route" | "method" | "path" | "headers" | "connection">;

/** One request while it is written down. */
export interface JournalWriter {
  readonly entry: JournalEntry;
  /** The same bytes, counted and hashed as they pass. */
  measure(body: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  close(): void;
}

export interface Journal {
  open(start: JournalStart): JournalWriter;
  /** Oldest first. */
  entries(): readonly JournalEntry[];
  clear(): void;
}

const maximumEntries = 100_000;

/** A journal of the last 100 000 requests. */
export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let opened = 0;
  let inProgress = 0;
  return {
    open(start) {
      const entry: JournalEntry = {
        ...start,
        headers: withoutToken(start.headers),
        number: ++opened,
        start: Date.now(),
        concurrent: ++inProgress,
        status: 0,
        requestBytes: 0,
        requestComplete: false,
        requestSha256: "",
        responseBytes: 0,
        faults: [],
      };
      entries.push(entry);
      if (entries.length > maximumEntries) entries = entries.slice(maximumEntries / 10);
      return createWriter(entry, () => {
        inProgress -= 1;
      });
    },
    entries: () => entries,
    clear: () => {
      entries = [];
    },
  };
}

function createWriter(entry: JournalEntry, closed: () => void): JournalWriter {
  return {
    entry,
    measure: (body) => measured(body, entry),
    close() {
      if (entry.end !== undefined) return;
      entry.end = Date.now();
      closed();
    },
  };
}

async function* measured(body: AsyncIterable<Buffer>, entry: JournalEntry): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of body) {
      entry.requestBytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
    entry.requestComplete = true;
  } finally {
    entry.requestSha256 = hash.digest("hex");
  }
}

function withoutToken(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization, ...others } = headers;
  if (authorization === undefined) return others;
  const [scheme = "", ...rest] = authorization.split(" ");
  return { ...others, authorization: `${scheme} sha256:${createHash("sha256").update(rest.join(" ")).digest("hex")}` };
}
