import type { Catalog, FoundResource } from "../catalog/catalog.ts";
import type { Archive } from "./archive.ts";
import type { FindOptions, FindPlan } from "./find-plan.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { catalogTags, readRequestedTags, type ReadTags, type TagPlan } from "./requested-tags.ts";

export interface FoundMatch extends ReadTags {
  readonly resource: FoundResource;
}

export interface FindParts {
  readonly catalog: Pick<Catalog, "find" | "count">;
  readonly archive: Pick<Archive, "header">;
  readonly options: FindOptions;
}

/** Files that are read at the same time. */
const concurrency = 8;
/** Candidates whose files are read before the next ones are asked for. */
const pageSize = 500;

/** The requested tags of resources that the catalog has found, in their order. */
export async function readMatches(
  archive: FindParts["archive"],
  plan: TagPlan,
  found: readonly FoundResource[],
): Promise<readonly FoundMatch[]> {
  if (plan.inFile.length === 0) {
    return found.map((resource) => ({ resource, requestedTags: catalogTags(plan, resource) }));
  }
  return mapConcurrently(found, concurrency, (resource) => readMatch(archive, plan, resource));
}

/** Goes through the candidates of the catalog, page by page, until there are enough matches. */
export async function* matchesInFiles(
  { catalog, archive }: Pick<FindParts, "catalog" | "archive">,
  { request, answers, limit }: FindPlan,
  { conditions, tested }: NonNullable<FindPlan["files"]>,
): AsyncGenerator<readonly FoundMatch[], void, void> {
  let count = 0;
  for (let since = 0; ; since += pageSize) {
    const candidates = await catalog.find({ ...request, since, limit: pageSize });
    const tests = await mapConcurrently(candidates, concurrency, async (resource) => {
      const { requestedTags } = await readRequestedTags(archive, tested, resource);
      const isMatch = conditions.every(({ key, accepts }) => accepts(requestedTags[key]));
      return isMatch ? readMatch(archive, answers, resource) : undefined;
    });
    const matches = tests.filter((match) => match !== undefined);
    yield limit === 0 ? matches : matches.slice(0, limit - count);
    count += matches.length;
    if (candidates.length < pageSize || (limit > 0 && count >= limit)) return;
  }
}

async function readMatch(archive: FindParts["archive"], plan: TagPlan, resource: FoundResource): Promise<FoundMatch> {
  return { resource, ...(await readRequestedTags(archive, plan, resource)) };
}
