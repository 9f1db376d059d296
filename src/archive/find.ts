import type { Catalog, FindInclude, FindRequest, FoundResource, Level } from "../catalog/catalog.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import type { Archive } from "./archive.ts";
import { planConditions, type FindConditions } from "./find-conditions.ts";
import { tagLevels } from "./find-levels.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { catalogTags, planTags, readRequestedTags, type RequestedTags, type TagPlan } from "./requested-tags.ts";

export type { RequestedTags } from "./requested-tags.ts";
export type { SequenceItems } from "./main-sequences.ts";

/** A search by DICOM attributes, as `/tools/find`, QIDO-RS and C-FIND ask for it. */
export interface AttributeQuery extends Pick<
  FindRequest,
  "level" | "relatedTo" | "labels" | "metadata" | "orderBy" | "since" | "limit"
> {
  /** Values by the rules of `attributeMatch`; an empty one matches everything. */
  readonly attributes: readonly { readonly tag: Tag; readonly value: string }[];
  readonly caseSensitive: boolean;
  /** Parts that `FoundMatch.resource` has to have. */
  readonly include: FindInclude;
  readonly requestedTags?: readonly Tag[];
}

export interface FoundMatch {
  readonly resource: FoundResource;
  readonly requestedTags: RequestedTags;
}

export interface FindOptions {
  readonly mainDicomTags: MainDicomTags;
  /** `StorageAccessOnFind`: when files may be read: always, never, or for the tags of answers only. */
  readonly storageAccess: "Always" | "Never" | "Answers";
  /** `LimitFindResults`, 0: none. */
  readonly limitFindResults: number;
  /** `LimitFindInstances`, 0: none. */
  readonly limitFindInstances: number;
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

/**
 * The resources whose attributes match. Main DICOM tags are matched by the catalog; others are read from one file of each
 * candidate. Throws `ParameterOutOfRange` and `BadRequest` for what cannot be searched.
 */
export async function findResources(parts: FindParts, query: AttributeQuery): Promise<readonly FoundMatch[]> {
  const { level, since = 0, requestedTags = [] } = query;
  const known = tagLevels(parts.options.mainDicomTags);
  const conditions = planConditions(query, known);
  if (conditions.isImpossible) return [];
  const plan = planTags(level, requestedTags, known);
  const readsFiles = parts.options.storageAccess !== "Never";
  const answers: TagPlan = readsFiles ? plan : { ...plan, inFile: [] };
  const limit = effectiveLimit(parts.options, level, query.limit ?? 0);
  const request = { ...catalogRequest(query, conditions), include: mergeIncludes(query.include, answers.include) };

  if (conditions.others.length > 0) {
    if (since !== 0) {
      throw new ServerError("BadRequest", '"since" cannot be combined with tags that are not in the catalog');
    }
    return findInFiles(parts, { request, conditions, answers, limit });
  }
  const found = await parts.catalog.find({ ...request, since, limit });
  if (answers.inFile.length === 0) {
    return found.map((resource) => ({ resource, requestedTags: catalogTags(answers, resource) }));
  }
  return mapConcurrently(found, concurrency, (resource) => answer(parts, answers, resource));
}

/**
 * How many resources match. Throws `BadRequest` for tags that are not in the catalog, `ParameterOutOfRange` for a case-sensitive
 * query, as Orthanc does.
 */
export async function countResources(
  { catalog, options }: FindParts,
  query: Omit<AttributeQuery, "include" | "requestedTags" | "orderBy" | "since" | "limit">,
): Promise<number> {
  if (query.caseSensitive) throw new ServerError("ParameterOutOfRange", '"CaseSensitive" cannot be true when counting');
  const conditions = planConditions(query, tagLevels(options.mainDicomTags));
  if (conditions.others.length > 0) {
    throw new ServerError("BadRequest", "resources can only be counted by tags that are in the catalog");
  }
  return conditions.isImpossible ? 0 : catalog.count(catalogRequest(query, conditions));
}

/** The values of `tags` for resources of one level that were found already, in their order. */
export async function requestedTagsOf(
  parts: FindParts,
  resources: readonly FoundResource[],
  tags: readonly Tag[],
): Promise<readonly RequestedTags[]> {
  const [first] = resources;
  if (first === undefined) return [];
  const { level } = first;
  const plan = planTags(level, tags, tagLevels(parts.options.mainDicomTags));
  const answers: TagPlan = parts.options.storageAccess === "Never" ? { ...plan, inFile: [] } : plan;
  const publicIds = resources.map(({ publicId }) => publicId);
  const found = await parts.catalog.find({ level, publicIds, include: answers.include });
  const byId = new Map(found.map((resource) => [resource.publicId, resource]));
  return mapConcurrently(publicIds, concurrency, async (publicId) => {
    const resource = byId.get(publicId);
    return resource === undefined ? {} : readRequestedTags(parts.archive, answers, resource);
  });
}

function catalogRequest(
  query: Pick<AttributeQuery, "level" | "relatedTo" | "labels" | "metadata" | "orderBy">,
  { constraints, metadata }: FindConditions,
): Omit<FindRequest, "include"> {
  const { level, relatedTo, labels, orderBy } = query;
  return {
    level,
    ...(constraints.length === 0 ? {} : { constraints }),
    ...(metadata.length === 0 ? {} : { metadata }),
    ...(relatedTo === undefined ? {} : { relatedTo }),
    ...(labels === undefined ? {} : { labels }),
    ...(orderBy === undefined ? {} : { orderBy }),
  };
}

interface FileSearch {
  readonly request: FindRequest;
  readonly conditions: FindConditions;
  readonly answers: TagPlan;
  /** 0: none. */
  readonly limit: number;
}

/** Goes through the candidates of the catalog, page by page, until there are enough matches. */
async function findInFiles(parts: FindParts, search: FileSearch): Promise<readonly FoundMatch[]> {
  const { request, conditions, answers, limit } = search;
  const tested = planTags(
    request.level,
    conditions.others.map(({ tag }) => tag),
    tagLevels(parts.options.mainDicomTags),
  );
  if (tested.inFile.length > 0 && parts.options.storageAccess !== "Always") return [];
  const include = mergeIncludes(request.include, tested.include);
  const matches: FoundMatch[] = [];
  for (let since = 0; ; since += pageSize) {
    const candidates = await parts.catalog.find({ ...request, include, since, limit: pageSize });
    const tests = await mapConcurrently(candidates, concurrency, async (resource) => {
      const values = await readRequestedTags(parts.archive, tested, resource);
      const isMatch = conditions.others.every(({ key, accepts }) => accepts(values[key]));
      return isMatch ? answer(parts, answers, resource) : undefined;
    });
    matches.push(...tests.filter((match) => match !== undefined));
    if (limit > 0 && matches.length >= limit) return matches.slice(0, limit);
    if (candidates.length < pageSize) return matches;
  }
}

async function answer({ archive }: FindParts, plan: TagPlan, resource: FoundResource): Promise<FoundMatch> {
  return { resource, requestedTags: await readRequestedTags(archive, plan, resource) };
}

function effectiveLimit(options: FindOptions, level: Level, asked: number): number {
  const most = level === "Instance" ? options.limitFindInstances : options.limitFindResults;
  if (most === 0 || asked === 0) return Math.max(most, asked);
  return Math.min(most, asked);
}

function mergeIncludes(first: FindInclude, second: FindInclude): FindInclude {
  const mainDicomTags = [...new Set([...(first.mainDicomTags ?? []), ...(second.mainDicomTags ?? [])])];
  const wanted = Object.fromEntries(Object.entries(second).filter(([, value]) => value === true));
  return { ...first, ...wanted, ...(mainDicomTags.length === 0 ? {} : { mainDicomTags }) };
}
