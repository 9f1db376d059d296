import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask } from "../server/ask.ts";
import { compareAnswers, type ComparedRequest } from "./compare.ts";
import type { KnownDifference } from "./known-difference.ts";
import { type OrthancProcess, startOrthanc } from "./orthanc-process.ts";

/** Debian's Orthanc and Greyhaven, both empty and of one configuration. */
export interface Pair {
  readonly orthanc: OrthancProcess;
  readonly greyhaven: TestServer;
  /** Asks both and tells where their answers differ, with Orthanc first. */
  differences(request: ComparedRequest): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Nothing becomes stable meanwhile. */
const same = { Name: "Same", StableAge: 3600 };

export async function startPair(configuration: object = {}): Promise<Pair> {
  const [orthanc, greyhaven] = await Promise.all([
    startOrthanc({ ...same, ...configuration }),
    startTestServer({ ...same, ...configuration }),
  ]);
  return {
    orthanc,
    greyhaven,
    async differences(request) {
      const { target, headers = {}, body } = request;
      const options = { headers, ...(body === undefined ? {} : { body }) };
      const [first, second] = await Promise.all([
        ask(orthanc.url, target, options),
        ask(greyhaven.url, target, options),
      ]);
      return compareAnswers(request, { url: orthanc.url, answer: first }, { url: greyhaven.url, answer: second });
    },
    stop: async () => {
      await Promise.all([greyhaven.close(), orthanc.stop()]);
    },
  };
}

/** What came of a run of requests. */
export interface Comparison {
  readonly requests: number;
  readonly equal: number;
  /** Differences that no row explains. */
  readonly unexplained: readonly string[];
  /** Rows that explain nothing any more: they are to be deleted. */
  readonly unused: readonly KnownDifference[];
  /** How many differences each row explains. */
  readonly counts: ReadonlyMap<KnownDifference, number>;
}

/** Asks everything, one request after the other. */
export async function compareAll(
  pair: Pair,
  requests: readonly ComparedRequest[],
  known: readonly KnownDifference[],
): Promise<Comparison> {
  const counts = new Map<KnownDifference, number>();
  const unexplained: string[] = [];
  let equal = 0;
  for (const request of requests) {
    const name = nameOf(request);
    const differences = await pair.differences(request);
    if (differences.length === 0) equal++;
    for (const difference of differences) {
      const rows = known.filter((row) => row.requests.test(name) && row.difference.test(difference));
      for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
      if (rows.length === 0) unexplained.push(`${name}: ${difference}`);
    }
  }
  const unused = known.filter((row) => !counts.has(row));
  return { requests: requests.length, equal, unexplained, unused, counts };
}

/** A request as the table of known differences names it. */
export function nameOf({ target, headers = {}, body }: ComparedRequest): string {
  const accept = headers["accept"] === undefined ? "" : `accept: ${headers["accept"]}`;
  const isFile = body instanceof Uint8Array;
  const text = isFile ? `${body.length} bytes` : typeof body === "object" ? JSON.stringify(body) : (body ?? "");
  return `${target} ${[accept, text].filter((part) => part !== "").join(" ")}`;
}
