import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { Random } from "../dimse/random.ts";
import { sharedData } from "../shared-data.ts";
import type { ComparedRequest } from "./compare.ts";
import { contentRequests } from "./content-requests.ts";
import { type CorpusResources, uploadToBoth } from "./corpus-resources.ts";
import { chooseCorpusFiles, type CorpusFile, spread } from "./corpus-samples.ts";
import { qidoRequests, stowRequests, wadoRequests } from "./dicomweb-requests.ts";
import { findRequests } from "./find-requests.ts";
import type { KnownDifference } from "./known-difference.ts";
import { knownDifferences } from "./known-differences.ts";
import { compareAll, type Pair, startPair } from "./pair.ts";
import { readingRequests } from "./reading-requests.ts";
import { comparedRequests } from "./requests.ts";
import { sampleFile, uploadSamples } from "./samples.ts";
import { verbRequests } from "./verb-requests.ts";
import {
  annotationRequests,
  bulkRequests,
  registryRequests,
  removingRequests,
  settingRequests,
  wrongBodyRequests,
} from "./writing-requests.ts";

const folder = sharedData() ?? "";
const known = Object.values(knownDifferences).flat();

/** What came of all of them: how many requests of each kind, how many equal, how many differences of each row. */
const report = { kinds: [] as string[], rows: new Map<KnownDifference, number>() };

async function unexplained(pair: Pair, kind: string, requests: readonly ComparedRequest[]): Promise<readonly string[]> {
  const result = await compareAll(pair, requests, known);
  report.kinds.push(`${kind}: ${result.requests} requests, ${result.equal} answered the same`);
  for (const [row, count] of result.counts) report.rows.set(row, (report.rows.get(row) ?? 0) + count);
  return result.unexplained;
}

/** A pair of servers with files of the corpus, for the tests of one room. */
function pairForTests(files: () => readonly CorpusFile[]): () => { pair: Pair; resources: CorpusResources } {
  let started: { pair: Pair; resources: CorpusResources } | undefined;
  beforeAll(async () => {
    const pair = await startPair();
    started = { pair, resources: await uploadToBoth(pair, files()) };
  });
  afterAll(() => started?.pair.stop());
  return () => {
    if (started === undefined) throw new Error("The servers have not started");
    return started;
  };
}

const allFiles = (): readonly CorpusFile[] => chooseCorpusFiles(folder);

describe.skipIf(folder === "" || !hasTool("Orthanc"))("Greyhaven answers as Debian's Orthanc 1.10.1", () => {
  describe("to requests as clients make them", () => {
    it("but for what is known, and why", async () => {
      const pair = await startPair();
      const samples = await uploadSamples(pair.orthanc.url, folder);
      expect(await uploadSamples(pair.greyhaven.url, folder)).toEqual(samples);
      const requests = comparedRequests(samples, (name) => sampleFile(folder, name));
      expect(await unexplained(pair, "as clients make them", requests)).toEqual([]);
      await pair.stop();
    });
  });

  describe("to what is read", () => {
    const started = pairForTests(allFiles);

    it("of all resources by all routes", { timeout: 120_000 }, async () => {
      const { pair, resources } = started();
      expect(resources.instances.length).toBeGreaterThan(60);
      expect(await unexplained(pair, "reading", readingRequests(resources))).toEqual([]);
    });

    it("with methods that routes do not have", { timeout: 60_000 }, async () => {
      const { pair, resources } = started();
      const requests = spread(resources.instances, 1).flatMap(verbRequests);
      expect(await unexplained(pair, "other methods", requests)).toEqual([]);
    });

    it("walking through the content of instances", { timeout: 60_000 }, async () => {
      const { pair, resources } = started();
      expect(await unexplained(pair, "content", spread(resources.instances, 30).flatMap(contentRequests))).toEqual([]);
    });

    it("searching for what instances have", { timeout: 60_000 }, async () => {
      const { pair, resources } = started();
      const random = new Random(2);
      const requests = spread(resources.instances, 6).flatMap((instance) => findRequests(instance, random));
      expect(await unexplained(pair, "searches", requests)).toEqual([]);
    });

    it("by DICOMweb", { timeout: 90_000 }, async () => {
      const { pair, resources } = started();
      expect(await unexplained(pair, "QIDO-RS", qidoRequests(resources))).toEqual([]);
      expect(await unexplained(pair, "WADO-RS, WADO-URI", wadoRequests(resources))).toEqual([]);
    });
  });

  describe("to what is written", () => {
    const started = pairForTests(allFiles);

    it("on resources, and in settings", { timeout: 60_000 }, async () => {
      const { pair, resources } = started();
      const annotated = spread(resources.instances, 3).flatMap(annotationRequests);
      expect(await unexplained(pair, "metadata and attachments", annotated)).toEqual([]);
      expect(await unexplained(pair, "registries", registryRequests())).toEqual([]);
      expect(await unexplained(pair, "settings", settingRequests())).toEqual([]);
    });

    it("in bulk, and removed", { timeout: 60_000 }, async () => {
      const { pair, resources } = started();
      expect(await unexplained(pair, "bulk and protection", bulkRequests(resources))).toEqual([]);
      expect(await unexplained(pair, "removal", removingRequests(resources))).toEqual([]);
    });
  });

  describe("to what is sent", () => {
    const started = pairForTests(() => spread(allFiles(), 8));

    it("by STOW-RS", { timeout: 60_000 }, async () => {
      expect(await unexplained(started().pair, "STOW-RS", stowRequests(allFiles()))).toEqual([]);
    });

    it("with bodies that are wrong", { timeout: 60_000 }, async () => {
      const { pair, resources } = started();
      const requests = spread(resources.instances, 1).flatMap(wrongBodyRequests);
      expect(await unexplained(pair, "wrong bodies", requests)).toEqual([]);
    });
  });

  it("has no explanation for what is no longer different", async () => {
    const rows = [...report.rows].map(([{ reason }, count]) => `${count} differences: ${reason}`);
    await mkdir("test-output", { recursive: true });
    await writeFile("test-output/differential.txt", [...report.kinds, "", ...rows, ""].join("\n"));
    expect(known.filter((row) => !report.rows.has(row))).toEqual([]);
  });
});
