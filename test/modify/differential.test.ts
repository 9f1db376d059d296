import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toJsonModel, type JsonModel } from "../../src/dicom/json-model.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { hasTool } from "../debian-tool.ts";
import type { KnownDifference } from "../differential/known-difference.ts";
import { type OrthancProcess, startOrthanc } from "../differential/orthanc-process.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { type Answer, ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { compareDatasets, createCounterparts } from "./compare-datasets.ts";
import { knownModifyDifferences } from "./known-differences.ts";
import {
  creationRequests,
  instanceRequests,
  jobRequests,
  type ModifyRequest,
  reconstructionRequests,
  refusedRequests,
} from "./requests.ts";
import { type Samples, uploadSamples } from "./samples.ts";

const folder = sharedData();

/** A new instance, and what it was made of: as far as the server tells, and its numbers. */
interface MadeInstance {
  readonly key: string;
  readonly dataset: JsonModel;
}

const read = (bytes: Buffer): JsonModel => toJsonModel(parseDicom(bytes).dataset);

/** The instances that an answer tells of. */
async function madeInstances(url: string, { headers, bytes, json }: Answer): Promise<readonly MadeInstance[]> {
  if (headers["content-type"] === "application/dicom") return [{ key: "", dataset: read(bytes) }];
  if (bytes.length === 0) return [];
  const {
    Path,
    Resources = [],
    TargetStudy,
  } = json() as {
    readonly Path?: string;
    readonly Resources?: readonly { readonly Path: string; readonly Type: string }[];
    readonly TargetStudy?: string;
  };
  const made = Resources.filter(({ Type }) => Type === "Instance").map((resource) => resource.Path);
  const path = TargetStudy === undefined ? Path : `/studies/${TargetStudy}`;
  const instances = path === undefined ? made : await instancesBelow(url, path);
  const found = instances.map(async (instance) => {
    const dataset = read((await ask(url, `GET ${instance}/file`)).bytes);
    return { instance, key: `${await originOf(url, instance)} ${numbersOf(dataset)}`, dataset };
  });
  const sorted = (await Promise.all(found)).toSorted((left, right) => (left.key < right.key ? -1 : 1));
  const [first] = sorted;
  if (first === undefined) return [];
  const above = ["/series", "/study", "/patient"].map((level) => originOf(url, first.instance + level));
  return [{ key: (await Promise.all(above)).join(" "), dataset: {} }, ...sorted];
}

async function instancesBelow(url: string, path: string): Promise<readonly string[]> {
  if (path.startsWith("/instances/")) return [path];
  const below = await askJson<{ ID: string }[]>(url, `GET ${path}/instances`);
  return below.map(({ ID }) => `/instances/${ID}`);
}

async function originOf(url: string, resource: string): Promise<string> {
  const { ModifiedFrom, AnonymizedFrom } = await askJson<Record<string, string>>(url, `GET ${resource}`);
  return `${ModifiedFrom ?? "-"} ${AnonymizedFrom ?? "-"}`;
}

/** SOP class, series and instance number. */
function numbersOf(dataset: JsonModel): string {
  return JSON.stringify(["00080016", "00200011", "00200013"].map((tag) => dataset[tag]?.Value?.[0]));
}

describe.skipIf(folder === undefined || !hasTool("Orthanc"))("modifying as Debian's Orthanc 1.10.1 does", () => {
  let orthanc: OrthancProcess;
  let greyhaven: TestServer;
  let samples: Samples;
  const used = new Set<KnownDifference>();

  beforeAll(async () => {
    orthanc = await startOrthanc({ Plugins: [] });
    greyhaven = await startTestServer({ DicomServerEnabled: false });
    samples = await uploadSamples(orthanc.url, folder ?? "");
    expect(await uploadSamples(greyhaven.url, folder ?? "")).toEqual(samples);
  });
  afterAll(async () => {
    await greyhaven.close();
    await orthanc.stop();
  });

  const both = <T>(use: (url: string) => Promise<T>): Promise<[T, T]> =>
    Promise.all([use(orthanc.url), use(greyhaven.url)]);

  async function differences(request: ModifyRequest): Promise<readonly string[]> {
    const [first, second] = await both((url) => ask(url, request.target, { body: bodyOf(request.body) }));
    if (first.status !== 200 || second.status !== 200) return compareRefusals(first, second);
    const [ones, others] = [await madeInstances(orthanc.url, first), await madeInstances(greyhaven.url, second)];
    if (ones.length !== others.length) return [`${ones.length} instances / ${others.length} instances`];
    const counterparts = createCounterparts();
    return ones.flatMap(({ key, dataset }, at) => {
      const other = others[at];
      if (other === undefined || other.key !== key) return [`made of ${key} / ${other?.key}`];
      return [...compareDatasets(dataset, other.dataset, counterparts)];
    });
  }

  async function unexplained(requests: readonly ModifyRequest[]): Promise<readonly string[]> {
    const left: string[] = [];
    for (const request of requests) {
      const name = `${request.target} ${JSON.stringify(request.body)}`.slice(0, 300);
      for (const difference of await differences(request)) {
        const known = knownModifyDifferences.filter(
          (row) => row.requests.test(name) && row.difference.test(difference),
        );
        for (const row of known) used.add(row);
        if (known.length === 0) left.push(`${name}: ${difference}`);
      }
    }
    return left;
  }

  it("modifies and anonymises instances", async () => {
    expect(await unexplained(instanceRequests(samples))).toEqual([]);
  }, 60_000);

  it("refuses what is wrong", async () => {
    expect(await unexplained(refusedRequests(samples))).toEqual([]);
  });

  it("modifies, anonymises, splits and merges resources", async () => {
    expect(await unexplained(jobRequests(samples))).toEqual([]);
  }, 60_000);

  it("makes instances of tags, pictures and documents", async () => {
    const jpeg = readFileSync(join(folder ?? "", "nondicom/image.jpg"));
    expect(await unexplained(creationRequests(samples, jpeg))).toEqual([]);
  });

  it("reads what it has stored again", async () => {
    expect(await unexplained(reconstructionRequests(samples))).toEqual([]);
  });

  it("has no explanation for what is no longer different", () => {
    expect(knownModifyDifferences.filter((row) => !used.has(row))).toEqual([]);
  });
});

function bodyOf(body: unknown): string {
  return body === "" ? "" : JSON.stringify(body);
}

function compareRefusals(first: Answer, second: Answer): readonly string[] {
  const [one, other] = [first, second].map(({ status, text }) => {
    const code = /"OrthancStatus"\s*:\s*(\d+)/.exec(text())?.[1];
    return code === undefined ? String(status) : `${status} (${code})`;
  });
  return one === other ? [] : [`${one} / ${other}`];
}
