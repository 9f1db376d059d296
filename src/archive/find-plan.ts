import type { FindInclude, FindRequest, Level } from "../catalog/catalog.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import { planConditions, type AttributeCondition, type FindConditions } from "./find-conditions.ts";
import { tagLevels } from "./find-levels.ts";
import { planTags, type TagPlan } from "./requested-tags.ts";
import { type Warn, warnAboutTags } from "./tag-warnings.ts";

/** A search by DICOM attributes, as `/tools/find`, QIDO-RS and C-FIND ask for it. */
export interface AttributeQuery extends Pick<
  FindRequest,
  "level" | "relatedTo" | "labels" | "metadata" | "orderBy" | "since" | "limit"
> {
  readonly attributes: readonly AttributeCondition[];
  readonly caseSensitive: boolean;
  /** Parts that `FoundMatch.resource` has to have. */
  readonly include: FindInclude;
  readonly requestedTags?: readonly Tag[];
}

export interface FindOptions {
  readonly mainDicomTags: MainDicomTags;
  /** `StorageAccessOnFind`: when files may be read: always, never, or for the tags of answers only. */
  readonly storageAccess: "Always" | "Never" | "Answers";
  /** `LimitFindResults`, 0: none. */
  readonly limitFindResults: number;
  /** `LimitFindInstances`, 0: none. */
  readonly limitFindInstances: number;
  /** Told about tags that make a search slow, or that are not answered. */
  readonly warn?: Warn;
}

/** How a search is carried out. */
export interface FindPlan {
  /** For the catalog, without its paging. */
  readonly request: FindRequest;
  readonly since: number;
  /** 0: none. */
  readonly limit: number;
  readonly answers: TagPlan;
  /** What the catalog cannot test, and where its values come from; undefined when it tests everything. */
  readonly files: { readonly conditions: FindConditions["others"]; readonly tested: TagPlan } | undefined;
}

/**
 * Plans a search; undefined when nothing can match. Throws `ParameterOutOfRange` and `BadRequest` for what cannot be searched.
 */
export function planFind(options: FindOptions, query: AttributeQuery): FindPlan | undefined {
  const { level, since = 0, requestedTags = [] } = query;
  const known = tagLevels(options.mainDicomTags);
  const conditions = planConditions(query, known);
  if (conditions.isImpossible) return undefined;
  const plan = planTags(level, requestedTags, known);
  const filesAreRead = options.storageAccess !== "Never";
  if (options.warn !== undefined) warnAboutTags(options.warn, requestedTags, { plan, known, filesAreRead });
  const answers: TagPlan = filesAreRead ? plan : { ...plan, inFile: [] };
  const limit = effectiveLimit(options, level, query.limit ?? 0);
  const request = { ...catalogRequest(query, conditions), include: mergeIncludes(query.include, answers.include) };
  if (conditions.others.length === 0) return { request, since, limit, answers, files: undefined };
  if (since !== 0) {
    throw new ServerError("BadRequest", '"since" cannot be combined with tags that are not in the catalog');
  }
  const others = conditions.others.map(({ tag }) => tag);
  const tested = planTags(level, others, known);
  if (tested.inFile.length > 0 && options.storageAccess !== "Always") return undefined;
  const include = mergeIncludes(request.include, tested.include);
  return {
    request: { ...request, include },
    since,
    limit,
    answers,
    files: { conditions: conditions.others, tested },
  };
}

/** The part of a search that is the catalog's. */
export function catalogRequest(
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

function effectiveLimit(options: FindOptions, level: Level, asked: number): number {
  const most = level === "Instance" ? options.limitFindInstances : options.limitFindResults;
  if (most === 0 || asked === 0) return Math.max(most, asked);
  return Math.min(most, asked);
}

function mergeIncludes(first: FindInclude, second: FindInclude): FindInclude {
  const mainDicomTags = [...new Set([...(first.mainDicomTags ?? []), ...(second.mainDicomTags ?? [])])];
  const wanted = Object.fromEntries(Object.entries(second).filter(([, value]) => value === true));
  if (mainDicomTags.length === 0) return { ...first, ...wanted };
  const neededTags = Object.fromEntries(
    mainDicomTags.flatMap((level) => {
      const needed = neededOf(level, [first, second]);
      return needed === undefined ? [] : [[level, needed]];
    }),
  );
  return { ...first, ...wanted, mainDicomTags, neededTags };
}

/** The tags of a level that any of `includes` needs; undefined: all. */
function neededOf(level: Level, includes: readonly FindInclude[]): readonly Tag[] | undefined {
  const needed = new Set<Tag>();
  for (const { mainDicomTags = [], neededTags } of includes) {
    if (!mainDicomTags.includes(level)) continue;
    const tags = neededTags?.[level];
    if (tags === undefined) return undefined;
    for (const tag of tags) needed.add(tag);
  }
  return [...needed];
}
