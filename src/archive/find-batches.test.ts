import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestCatalog } from "../../test/archive/test-archive.ts";
import { keep, sampleInstance } from "../../test/catalog/sample-instance.ts";
import type { Catalog, FindRequest } from "../catalog/catalog.ts";
import { mainDicomTags } from "../dicom/main-dicom-tags.ts";
import { findBatches } from "./find-batches.ts";
import type { FindOptions } from "./find-plan.ts";

const InstanceNumber = 0x00200013;
const Rows = 0x00280010;
const count = 1203;

let catalog: Catalog;
beforeAll(async () => {
  catalog = await openTestCatalog();
  const samples = Array.from({ length: count }, (_, at) =>
    sampleInstance({ instance: `1.2.${at}`, tags: { Instance: { "00200013": String(at) } } }),
  );
  await Promise.all(samples.map((sample) => catalog.storeInstance(sample, keep)));
});
afterAll(() => catalog.close());

const options: FindOptions = {
  mainDicomTags: mainDicomTags(),
  storageAccess: "Always",
  limitFindResults: 0,
  limitFindInstances: 0,
};

interface Asked {
  readonly since?: number;
  readonly limit?: number;
  readonly attributes?: readonly { readonly tag: number; readonly value: string }[];
  readonly find?: Catalog["find"];
}

async function batches({ find = (request) => catalog.find(request), attributes = [], ...paging }: Asked) {
  const archive = { header: () => Promise.resolve(undefined) };
  const query = {
    level: "Instance" as const,
    attributes,
    caseSensitive: true,
    include: {},
    requestedTags: [InstanceNumber],
    ...paging,
  };
  const parts = { catalog: { find, count: () => Promise.resolve(0) }, archive, options };
  const found = await Array.fromAsync(findBatches(parts, query));
  return found.map((batch) => batch.map(({ requestedTags }) => Number(requestedTags["00200013"])));
}

/** Of the resources that are asked for one by one, the first has gone. */
const losing: Catalog["find"] = async (request) => {
  const found = await catalog.find(request);
  return request.publicIds === undefined ? found : found.slice(1);
};

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe("findBatches", () => {
  test("gives all matches once, in order, some at a time", async () => {
    const found = await batches({});
    expect(found.flat()).toEqual(numbers(0, count));
    expect(found.length).toBeGreaterThan(2);
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(500);
  });

  test.each([
    { since: 0, limit: 3 },
    { since: 0, limit: 500 },
    { since: 0, limit: 501 },
    { since: 700, limit: 0 },
    { since: 100, limit: 1000 },
    { since: 1200, limit: 10 },
  ])("of a page: from $since, at most $limit", async ({ since, limit }) => {
    const end = limit === 0 ? count : Math.min(count, since + limit);
    expect((await batches({ since, limit })).flat()).toEqual(numbers(since, end));
  });

  test("asks for few matches with a single question", async () => {
    const asked: FindRequest[] = [];
    const find: Catalog["find"] = (request) => {
      asked.push(request);
      return catalog.find(request);
    };
    expect(await batches({ attributes: [{ tag: InstanceNumber, value: "7" }], find })).toEqual([[7]]);
    expect(asked).toHaveLength(1);
  });

  test("leaves out what has gone before its turn", async () => {
    expect((await batches({ find: losing })).flat()).toHaveLength(count - 2);
  });

  test("gives nothing when nothing can match", async () => {
    expect((await batches({ attributes: [{ tag: Rows, value: "512" }] })).flat()).toEqual([]);
  });
});
