import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { compareAnswers, type ComparedRequest } from "./compare.ts";
import { type KnownDifference, knownDifferences } from "./known-differences.ts";
import { type OrthancProcess, startOrthanc } from "./orthanc-process.ts";
import { comparedRequests } from "./requests.ts";
import { sampleFile, type Samples, uploadSamples } from "./samples.ts";

const folder = sharedData();

/** A request as the table of known differences names it. */
function nameOf({ target, headers = {}, body }: ComparedRequest): string {
  const accept = headers["accept"] === undefined ? "" : `accept: ${headers["accept"]}`;
  const isFile = body instanceof Uint8Array;
  const text = isFile ? `${body.length} bytes` : typeof body === "object" ? JSON.stringify(body) : (body ?? "");
  return `${target} ${[accept, text].filter((part) => part !== "").join(" ")}`;
}

describe.skipIf(folder === undefined || !hasTool("Orthanc"))("Greyhaven beside Debian's Orthanc 1.10.1", () => {
  let orthanc: OrthancProcess;
  let greyhaven: TestServer;
  let samples: Samples;
  beforeAll(async () => {
    orthanc = await startOrthanc({ Name: "Same" });
    greyhaven = await startTestServer({ Name: "Same" });
    samples = await uploadSamples(orthanc.url, folder ?? "");
  });
  afterAll(async () => {
    await greyhaven.close();
    await orthanc.stop();
  });

  async function differences(request: ComparedRequest): Promise<readonly string[]> {
    const { target, headers = {}, body } = request;
    const options = { headers, ...(body === undefined ? {} : { body }) };
    const [first, second] = await Promise.all(
      [orthanc.url, greyhaven.url].map(async (url) => ({ url, answer: await ask(url, target, options) })),
    );
    if (first === undefined || second === undefined) throw new Error("Two answers were expected");
    return compareAnswers(request, first, second);
  }

  it("has the same identifiers for the same files", async () => {
    expect(await uploadSamples(greyhaven.url, folder ?? "")).toEqual(samples);
  });

  it("answers the same but for what is known, and why", async () => {
    const requests = comparedRequests(samples, (name) => sampleFile(folder ?? "", name));
    expect(requests.length).toBeGreaterThan(150);
    const used = new Set<KnownDifference>();
    const unexplained: string[] = [];
    for (const request of requests) {
      const name = nameOf(request);
      for (const difference of await differences(request)) {
        const known = knownDifferences.filter((row) => row.requests.test(name) && row.difference.test(difference));
        for (const row of known) used.add(row);
        if (known.length === 0) unexplained.push(`${name}: ${difference}`);
      }
    }
    expect(unexplained).toEqual([]);
    // A row that explains nothing any more is to be deleted.
    expect(knownDifferences.filter((row) => !used.has(row))).toEqual([]);
  });
});
